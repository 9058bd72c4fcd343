"""What search engines, messengers and phones ask a site for besides its pages."""

from collections.abc import Sequence

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    render_template,
    request,
)
from flask_limiter import Limiter

from web.present.found import business, public_root
from web.present.prices import Offer
from web.site import site

blueprint = Blueprint("discovery", __name__)
A_DAY = "public, max-age=86400"
# pages for everybody; those of one client and of staff are left to be found by nobody
PUBLIC = (
    "/",
    "/catalog.html",
    "/services.html",
    "/calculator.html",
    "/ai-chat.html",
    "/payment.html",
    "/privacy.html",
    "/consent.html",
)
# under these names browsers, phones and messengers ask for pictures by themselves
PICTURES = ("favicon.ico", "apple-touch-icon.png")


def register(app: Flask, _limiter: Limiter) -> None:
    """Put these answers into the site, and what pages say of themselves in their heads."""
    app.register_blueprint(blueprint)
    for name in PICTURES:
        app.add_url_rule(
            f"/{name}", f"picture-{name}", _picture, defaults={"name": name}
        )
    app.add_template_global(_root, "site_root")
    app.add_template_global(_about_us, "about_us")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say what to leave alone.

    Pages of one client are not named here: what may not be read can't say ``noindex``.
    """
    lines = ["User-agent: *", "Disallow: /admin", "Disallow: /master-dashboard"]
    return _plain("\n".join([*lines, "", f"Sitemap: {_root()}/sitemap.xml", ""]))


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages for everybody."""
    pages = [_root() + address for address in PUBLIC]
    return _kept(
        Response(render_template("sitemap.xml", pages=pages), mimetype="text/xml")
    )


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say how the site looks on a phone's first screen."""
    company = site().settings.company
    icons = [
        {"src": _asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": _asset("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": _asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    said = {
        "name": company.name,
        "short_name": company.name,
        "lang": "ru",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f8f3ea",
        "theme_color": "#0d4f63",
        "icons": icons,
    }
    response = Response(current_app.json.dumps(said))
    response.mimetype = "application/manifest+json"
    return _kept(response)


def _picture(name: str) -> Response:
    served = current_app.view_functions["static"]
    return _kept(served(digest="", name=name))  # type: ignore[arg-type]  # a view of ours


def _root() -> str:
    return public_root(site().settings.web.public_url, request.host_url)


def _about_us(offers: Sequence[Offer]) -> dict[str, object]:
    """Return what search engines read of the company, and of its services."""
    root = _root()
    picture = root + _asset("preview.png")
    return business(site().settings.company, offers, root, picture)


def _asset(name: str) -> str:
    address = current_app.jinja_env.globals["asset"]
    return str(address(name))  # type: ignore[operator]  # a function of ours


def _plain(text: str) -> Response:
    return _kept(Response(text, mimetype="text/plain"))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = A_DAY
    return response
