"""J7: a shared link has its card, a search engine finds what it asks for, and private pages are found by nobody."""

import json
import re
import struct
from html import unescape
from pathlib import Path

import pytest

from record.grid.worksheets import SERVICES
from record.settings.sections import Company
from record.store import Store
from tests.web.visitor import NewVisitor, Visitor, put_order, settings_for
from web import create_app

PUBLIC = (
    "/", "/catalog.html", "/services.html", "/calculator.html", "/ai-chat.html", "/payment.html", "/privacy.html",
    "/consent.html",
)  # fmt: skip
ROOT = "https://balt-set.example"


def told(page: str, name: str) -> str:
    """Return what a page says of itself: a meta of this name or property, or the canonical address."""
    if name == "canonical":
        found = re.search(r'<link rel="canonical" href="([^"]*)"', page)
    else:
        found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', page)
    return unescape(found[1]) if found else ""


@pytest.fixture
def site(new_visitor: NewVisitor, store: Store) -> Visitor:
    """A visitor of a site that everybody reaches."""
    with store.transaction() as tx:
        tx.lists.put(SERVICES, [("Розетки", "Замена розетки", "С материалом", "штука", 450, True)])
    return new_visitor(public_url=ROOT)


@pytest.mark.parametrize("address", PUBLIC)
def test_j7_every_public_page_has_its_card(site: Visitor, address: str) -> None:
    answer = site.opens(address)
    assert told(site.page, "canonical") == told(site.page, "og:url") == ROOT + address
    for name in ("description", "og:title", "og:description", "og:site_name", "twitter:card"):
        assert told(site.page, name), name
    assert 40 <= len(told(site.page, "description")) <= 170
    assert told(site.page, "robots") == answer.headers.get("X-Robots-Tag", "") == ""
    picture = site.client.get(told(site.page, "og:image").removeprefix(ROOT))
    assert picture.mimetype == "image/png"
    assert struct.unpack(">II", picture.data[16:24]) == (1200, 630)
    assert len(picture.data) < 300_000


def test_j7_pages_are_told_apart_by_what_they_say_of_themselves(site: Visitor) -> None:
    said = []
    for address in PUBLIC:
        site.opens(address)
        said.append((told(site.page, "og:title"), told(site.page, "description")))
    for kind in zip(*said, strict=True):
        assert len(set(kind)) == len(PUBLIC)


@pytest.mark.parametrize(
    "address",
    [
        "/order-complete.html", "/track.html?id=7&key=key-7", "/track.html", "/payment.html?id=7&key=key-7",
        "/admin.html", "/master-dashboard.html", "/nope", "/?category=Розетки", "/catalog.html?q=люстра",
        "/ai-chat.html?q=цена", "/consent.html?version=2026-11-22",
    ],
)  # fmt: skip
def test_j7_private_pages_and_many_faces_of_one_are_not_found(site: Visitor, store: Store, address: str) -> None:
    put_order(store, "7")
    answer = site.opens(address)
    hidden = "noindex" in (told(site.page, "robots"), answer.headers.get("X-Robots-Tag", ""))
    leads_elsewhere = told(site.page, "canonical") not in {"", ROOT + address}
    assert hidden or leads_elsewhere
    assert "key-7" not in told(site.page, "canonical") + told(site.page, "og:url")


def test_j7_the_company_and_its_services_are_told_to_machines(site: Visitor) -> None:
    for address in ("/", "/services.html"):
        site.opens(address)
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', site.page, re.DOTALL)
        assert found
        said = json.loads(found[1])
        assert (said["@type"], said["name"], said["telephone"]) == ("Electrician", "Балт-Сеть", "+74012000000")
        [offer] = said["hasOfferCatalog"]["itemListElement"]
        assert (offer["itemOffered"]["name"], offer["price"], offer["priceCurrency"]) == (
            "Замена розетки",
            "450",
            "RUB",
        )


def test_j7_a_service_that_ends_a_script_ends_nothing(new_visitor: NewVisitor, store: Store) -> None:
    evil = "</script><script>alert(1)</script>"
    with store.transaction() as tx:
        tx.lists.put(SERVICES, [(evil, evil, evil, evil, 450, True)])
    visitor = new_visitor()
    visitor.opens("/services.html")
    assert "<script>alert" not in visitor.page


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/robots.txt", "text/plain"),
        ("/sitemap.xml", "text/xml"),
        ("/favicon.ico", "image/"),
        ("/apple-touch-icon.png", "image/png"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_j7_what_is_asked_for_by_itself_is_there(site: Visitor, address: str, kind: str) -> None:
    answer = site.opens(address) if "text" in kind else site.client.get(address)
    assert answer.status_code == 200
    assert (answer.mimetype or "").startswith(kind)
    assert "max-age=86400" in answer.headers["Cache-Control"]


def test_j7_the_sitemap_lists_the_public_pages_and_robots_names_it(site: Visitor) -> None:
    site.opens("/robots.txt")
    assert f"Sitemap: {ROOT}/sitemap.xml" in site.page
    assert "Disallow: /admin" in site.page
    site.opens("/sitemap.xml")
    assert re.findall(r"<loc>([^<]+)</loc>", site.page) == [ROOT + address for address in PUBLIC]


def test_j7_the_manifest_names_pictures_that_are_there(site: Visitor) -> None:
    said = site.client.get("/manifest.webmanifest").get_json(force=True)
    assert said["name"] == "Балт-Сеть"
    for icon in said["icons"]:
        assert site.client.get(icon["src"]).status_code == 200


def test_j7_without_a_public_address_it_is_the_one_that_was_asked(visitor: Visitor) -> None:
    visitor.opens("/catalog.html")
    assert told(visitor.page, "canonical") == "http://localhost/catalog.html"
    visitor.opens("/robots.txt")
    assert "Sitemap: http://localhost/sitemap.xml" in visitor.page


@pytest.mark.parametrize(("city", "greets"), [("Москва", ", Москва!"), ("", "!")])
def test_j7_the_city_is_the_companys(store: Store, tmp_path: Path, city: str, greets: str) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
    company = Company(name="Свет", city=city, phone="+74012000000")
    visitor = Visitor(create_app(settings.model_copy(update={"company": company}), store).test_client())
    for address in PUBLIC:
        visitor.opens(address)
        assert "Калининград" not in visitor.page
        assert not city or city in visitor.page
    visitor.opens("/")
    greeting = re.search(r'class="greeting">([^<]*)<', visitor.page)
    assert greeting
    assert greeting[1].endswith(greets)
