"""`python -m sandbox`: serve the stand-ins until told to stop."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from sandbox.app import create_app
from sandbox.documents import Documents, UnreadableData
from sandbox.server import bind, serve_on


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 when the port or the data file cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one")
    parser.add_argument(
        "--data", type=Path, help="keep everything in this SQLite file between runs"
    )
    parser.add_argument(
        "--limits",
        action="store_true",
        help="keep Telegram's sending rates: who writes too fast gets 429",
    )
    options = parser.parse_args()
    os.umask(0o077)  # people try it with phones of their own
    try:
        listener = bind(options.host, options.port)
    except (OSError, OverflowError) as error:
        print(
            f"sandbox: cannot listen on {options.host}:{options.port}: {error}",
            file=sys.stderr,
        )
        return 1
    port = listener.getsockname()[1]
    try:
        documents = Documents(options.data)
        app = create_app(documents, limits=options.limits)
    except UnreadableData as error:
        listener.close()
        print(f"sandbox: cannot read the data file {error}", file=sys.stderr)
        return 1
    server = serve_on(listener, app)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() blocks until the loop has ended
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"sandbox listening on http://{options.host}:{port}", flush=True)
    server.serve_forever(poll_interval=0.05)
    documents.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
