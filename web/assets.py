"""Static files, kept in memory, under an address that changes whenever any of them
does.

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
    """All files below a folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self.files = {
            path.relative_to(folder).as_posix(): _read(path) for path in files
        }

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
        asset = assets.files.get(name) or abort(404)
        packed = bool(asset.packed) and request.accept_encodings.quality("gzip") > 0
        response = Response(
            asset.packed if packed else asset.body, mimetype=asset.mimetype
        )
        response.headers["Cache-Control"] = (
            FOR_EVER if digest == assets.digest else "no-cache"
        )
        if asset.packed:
            response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response

    def _address(name: str) -> str:
        return url_for("static", digest=assets.digest, name=name)

    app.add_template_global(_address, "asset")


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, mtime=0) if path.suffix in TEXTS else b""
    return Asset(
        body, packed, mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
