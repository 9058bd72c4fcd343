"""Counts every request to Telegram by method and result, for ops."""

from collections.abc import Callable
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

Count = Callable[[str, str], None]


class CountedRequest(HTTPXRequest):
    """A client that counts each request by its method and HTTP status.

    The status is ``no_answer`` where there was none.
    """

    def __init__(self, count: Count, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._count = count

    async def do_request(
        self, url: str, *arguments: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Make a request.

        What is counted of its address is the method alone, never the token.

        Raises:
            NetworkError: Telegram did not answer.
        """
        # the token stands before it: https://core.telegram.org/bots/api#making-requests
        method = url.rpartition("/")[2]
        try:
            status, body = await super().do_request(url, *arguments, **named)
        except NetworkError:
            self._count(method, "no_answer")
            raise
        self._count(method, "ok" if status == 200 else str(status))
        return status, body
