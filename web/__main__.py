"""`python -m web`: serve the site until told to stop."""

import sys

from web.server import main

if __name__ == "__main__":
    sys.exit(main())
