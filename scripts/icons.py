"""Draws the site's pictures for phones and messengers from its own SVG, by Chromium.

    .venv/bin/python -m scripts.icons

Anew whenever web/static/icon.svg or the street of the first page has changed.
"""

import struct

from playwright.sync_api import Browser

from tests.harness.processes import ROOT
from tests.web.browser import chromium

STATIC = ROOT / "web" / "static"
SCENE = ROOT / "web" / "templates" / "parts" / "scene.svg"
ICONS = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
FAVICON = 32
PREVIEW = (1200, 630)
PAGE = """<!doctype html><meta charset="utf-8"><style>{css} body {{ margin: 0; min-height: 0; display: block;
width: {width}px; height: {height}px; overflow: hidden; }} {more}</style>{body}"""
# a phone cuts its own corners, so the icon fills the square
SQUARE = "svg { display: block; width: 100%; height: 100%; background: #0d4f63; }"
STREET = """body { background: linear-gradient(#fdeccb, #f8f3ea 70%); position: relative; }
.scene { position: absolute; left: -20px; bottom: -24px; width: 1240px; height: auto; }
svg.mark { position: absolute; left: 64px; top: 56px; width: 140px; height: 140px; }"""


def main() -> None:
    """Draw them all."""
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8")
    with chromium() as browser:
        for name, size in ICONS.items():
            _write(name, _shot(browser, icon, SQUARE, (size, size)))
        small = _shot(browser, icon, "svg { display: block; }", (FAVICON, FAVICON))
        _write("favicon.ico", ico(small, FAVICON))
        scene = SCENE.read_text(encoding="utf-8")
        mark = icon.replace("<svg ", '<svg class="mark" ')
        _write("preview.png", _shot(browser, mark + scene, STREET, PREVIEW))


def _shot(browser: Browser, body: str, more: str, size: tuple[int, int]) -> bytes:
    width, height = size
    css = "".join(
        (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")
        for name in ("site", "home")
    )
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="light",
        reduced_motion="reduce",
    )
    page.set_content(
        PAGE.format(css=css, more=more, body=body, width=width, height=height)
    )
    taken = page.screenshot(omit_background=True)
    page.close()
    return taken


def ico(png: bytes, size: int) -> bytes:
    """Return an .ico file that holds one PNG."""
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), 22)
    return head + entry + png


def _write(name: str, body: bytes) -> None:
    (STATIC / name).write_bytes(body)
    print(f"{name}: {len(body)} bytes", flush=True)


if __name__ == "__main__":
    main()
