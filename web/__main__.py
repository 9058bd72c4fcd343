"""`python -m web`: serve the site until told to stop; `python -m web set-password`: set
the panel's password.
"""

import sys

from record.privacy import keep_private
from web.access.passwords import ask_and_set
from web.server import main

USAGE = "python -m web — сайт; python -m web set-password — задать пароль панели"


def command(arguments: list[str]) -> int:
    """Do what is asked for; return the exit code."""
    keep_private()
    if arguments == ["set-password"]:
        return ask_and_set()
    if arguments:
        print(
            USAGE, file=sys.stdout if arguments[0] in ("-h", "--help") else sys.stderr
        )
        return 0 if arguments[0] in ("-h", "--help") else 2
    return main()


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
