"""`python -m web` serves the site; `python -m web set-password` sets the password."""

import sys

from record.privacy import keep_private
from web.access.passwords import ask_and_set
from web.server import main

USAGE = "python -m web — сайт; python -m web set-password — задать пароль панели"


def command(arguments: list[str]) -> int:
    """Do what is asked for; return the exit code."""
    # before any file is made: the store and .env are for the site's own user
    keep_private()
    match arguments:
        case []:
            return main()
        case ["set-password"]:
            return ask_and_set()
        case ["-h" | "--help", *_]:
            print(USAGE)
            return 0
        case _:
            print(USAGE, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
