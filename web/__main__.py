"""`python -m web` serves the site; other words set passwords and name staff."""

import sys

from record.privacy import keep_private
from web import staff_commands
from web.access.passwords import ask_and_set
from web.server import main

USAGE = f"""python -m web — сайт
python -m web set-password — общий пароль панели, если владелец один
{staff_commands.USAGE}"""


def command(arguments: list[str]) -> int:
    """Do what is asked for; return the exit code."""
    # before any file is made: the store and .env are for the site's own user
    keep_private()
    match arguments:
        case []:
            return main()
        case ["set-password"]:
            return ask_and_set()
        case ["set-password", *name] if not name[0].startswith("-"):
            return staff_commands.set_password(name)
        case ["staff", *rest]:
            return staff_commands.staff(rest)
        case ["-h" | "--help", *_]:
            print(USAGE)
            return 0
        case _:
            print(USAGE, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
