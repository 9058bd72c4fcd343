"""Pages compressed on their way out, for phones on slow networks."""

# Why not Flask-Compress: it would be one more dependency for these lines, and it leaves
# the question of BREACH to us as well. Why not leave it to nginx: the site also stands
# without one.
#
# BREACH: the length of a compressed page that repeats what a visitor typed, beside a
# form's token, could let another site guess that token. Such a page is compressed all
# the same: the cookie on which the token hangs is SameSite=Lax, so it is not sent with
# requests that another site can make in numbers.

import gzip

from flask import Flask, Response, request

KINDS = frozenset({"text/html", "application/json", "text/plain", "image/svg+xml"})
LEAST = 700  # bytes; below that nothing is won
LEVEL = 5


def compress_responses(app: Flask) -> None:
    """Answer with gzip whoever can unpack it."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    # static files come with an encoding of their own, compressed once at the start
    if response.mimetype not in KINDS or "Content-Encoding" in response.headers:
        return response
    # a file for Excel is sent while it is being made, so its body can't be read here
    if response.is_streamed:
        return response
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
