"""Static files, kept in memory, under an address that changes whenever one of them does.

The address is ``/static/<digest of all>/<name>``, so that relative addresses inside a
stylesheet carry the digest too, and a browser may keep every file for ever.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
TEXTS = frozenset({".css", ".js", ".svg"})


@dataclass(frozen=True)
class Asset:
    """One file; ``packed`` is its gzip form, empty where packing gains nothing."""

    body: bytes
    packed: bytes
    mimetype: str


class Assets:
    """All files below the folder."""

    def __init__(self) -> None:
        self.files: dict[str, Asset] = {}
        # sorted, so that the digest is the same on every machine
        for path in sorted(FOLDER.rglob("*")):
            if path.is_file():
                self.files[path.relative_to(FOLDER).as_posix()] = _read(path)

    @cached_property
    def digest(self) -> str:
        """A short digest of every name and content."""
        whole = hashlib.sha256()
        for name, asset in self.files.items():
            whole.update(f"{name}\0{len(asset.body)}\0".encode() + asset.body)
        return whole.hexdigest()[:12]


def register(app: Flask) -> None:
    """Serve the files, and give templates ``asset(name)``, the address of one."""
    assets = Assets()

    @app.get("/static/<digest>/<path:name>", endpoint="static")
    def _serve(digest: str, name: str) -> Response:
        asset = assets.files.get(name)
        if asset is None:
            abort(404)
        response = _answer(asset)
        # a page that was open over an update still asks under the old address: it gets
        # today's file, but must not keep it under a name that stood for another one
        response.headers["Cache-Control"] = "no-cache"
        if digest == assets.digest:
            response.headers["Cache-Control"] = FOR_EVER
        return response

    def _address(name: str) -> str:
        return url_for("static", digest=assets.digest, name=name)

    app.add_template_global(_address, "asset")


def _answer(asset: Asset) -> Response:
    """Return a file as the browser that asks can read it."""
    if not asset.packed:
        return Response(asset.body, mimetype=asset.mimetype)
    takes_gzip = request.accept_encodings.quality("gzip") > 0
    body = asset.packed if takes_gzip else asset.body
    response = Response(body, mimetype=asset.mimetype)
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    packed = b""
    if path.suffix in TEXTS:
        packed = gzip.compress(body, mtime=0)
    guessed, _ = mimetypes.guess_type(path.name)
    return Asset(body, packed, guessed or "application/octet-stream")
