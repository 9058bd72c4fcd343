"""Pages packed on their way out, for phones on slow networks.

Packing next to what a visitor typed could let another site guess a form's token by
lengths (BREACH); the cookie that the token hangs on is SameSite=Lax and is not sent
with requests that another site can make in numbers.
"""

import gzip

from flask import Flask, Response, request

KINDS = frozenset({"text/html", "application/json", "text/plain", "image/svg+xml"})
LEAST = 700  # bytes; below that nothing is won
LEVEL = 5


def pack_pages(app: Flask) -> None:
    """Answer with gzip whoever can unpack it."""
    app.after_request(_packed)


def _packed(response: Response) -> Response:
    if (
        response.mimetype not in KINDS
        or response.is_streamed
        or "Content-Encoding" in response.headers
    ):
        return response
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
