"""`python -m bots client` or `python -m bots master`: one bot each, until told to stop."""

import argparse
import asyncio
import contextlib
import sys

from bots.runner import BOTS, run
from record.errors import NaryadError
from record.flush import Flusher
from record.logs import configure_logs
from record.privacy import keep_private
from record.settings import load_settings
from record.store import Store
from record.watch.restart import lasting


def main(arguments: list[str] | None = None) -> int:
    """Run one bot; 1 when settings, token or store can't be used.

    Then one line says what to do.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bots", description="One Telegram bot of Naryad."
    )
    parser.add_argument(
        "role",
        choices=sorted(BOTS),
        help="client: takes orders; master: offers them to the masters",
    )
    role = parser.parse_args(arguments).role
    # before the store's file is made
    keep_private()
    try:
        settings = load_settings()
        configure_logs(settings.logs, f"bot.{role}")
        # what is opened last is closed first: the flusher, then the store it writes to
        with contextlib.ExitStack() as ending:
            store = ending.enter_context(lasting(Store(settings.store.url)))
            ending.callback(store.close)
            flusher = Flusher(store, settings)

            def connected() -> None:
                # not before the token proves good: a slip in .env starts nothing
                flusher.start()
                ending.callback(flusher.stop)

            asyncio.run(run(role, settings, store, connected))
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
