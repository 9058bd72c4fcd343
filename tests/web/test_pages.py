"""The other pages, the pages of failures, and what every answer carries."""

import re
from datetime import datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr

from record.store import Store
from record.values.wording import money
from tests.web.visitor import Visitor, settings_for
from web import create_app
from web.access.security import with_secret
from web.present.formats import greeting, moment, phone

PAGES = (
    "/", "/index.html", "/catalog.html", "/services.html", "/calculator.html", "/ai-chat.html", "/payment.html",
    "/master-dashboard.html", "/admin.html", "/privacy.html", "/consent.html", "/order-complete.html",
)  # fmt: skip
STAFF = ("/master-dashboard.html", "/admin.html")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_its_place(visitor: Visitor, address: str) -> None:
    assert visitor.opens(address).status_code == 200
    assert visitor.page.count("<h1") == 1
    if address not in STAFF:
        assert 'href="tel:+74012000000"' in visitor.page


@pytest.mark.parametrize("address", ["/services.html", "/calculator.html", "/catalog.html"])
def test_a_page_without_prices_yet_offers_the_order_form(visitor: Visitor, address: str) -> None:
    visitor.opens(address)
    assert 'href="/#order"' in visitor.page.partition("<main")[2].partition("</main>")[0]


def test_the_first_page_offers_four_quick_actions(visitor: Visitor) -> None:
    visitor.opens()
    quick = visitor.page.partition('class="quick')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)"', quick) == [
        "/ai-chat.html",
        "/calculator.html",
        "/catalog.html",
        "tel:+74012000000",
    ]


def test_the_text_on_personal_data_has_a_version(visitor: Visitor) -> None:
    visitor.opens("/consent.html")
    assert re.search(r"Версия текста \d{4}-\d\d-\d\d", visitor.page)


class TestFailures:
    """What people see instead of a page."""

    def test_no_such_page(self, visitor: Visitor) -> None:
        assert visitor.opens("/нет/такой").status_code == 404
        assert "Такой страницы нет" in visitor.page
        assert 'href="/"' in visitor.page

    def test_a_page_opened_the_wrong_way(self, visitor: Visitor) -> None:
        answer = visitor.client.get("/order")
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]
        assert "Так эта страница не открывается" in answer.get_data(as_text=True)

    def test_too_much_text(self, visitor: Visitor) -> None:
        answer = visitor.sends(problem="ж" * 300_000)
        assert answer.status_code == 413
        assert "Слишком много текста" in visitor.page

    def test_a_bug_of_ours(self, visitor: Visitor) -> None:
        site = visitor.client.application
        site.view_functions["pages.privacy"] = lambda: str(1 / 0)
        site.config["PROPAGATE_EXCEPTIONS"] = False
        assert visitor.opens("/privacy.html").status_code == 500
        assert "У нас что‑то сломалось" in visitor.page
        assert "ZeroDivision" not in visitor.page

    @pytest.mark.parametrize(
        "address", ["/%00", "/track.html?id=%00&key=%ff", "/?category=%00", "/static/x/../../web.py"]
    )
    def test_nonsense_in_an_address(self, visitor: Visitor, address: str) -> None:
        assert visitor.opens(address).status_code in {200, 404}


class TestEveryAnswer:
    """Headers and cookies."""

    @pytest.mark.parametrize("address", ["/", "/track.html", "/healthz", "/nope"])
    def test_security_headers(self, visitor: Visitor, address: str) -> None:
        headers = visitor.opens(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
            assert rule in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]

    def test_nothing_is_inline_and_nothing_comes_from_elsewhere(self, visitor: Visitor) -> None:
        for address in PAGES:
            visitor.opens(address)
            # what search engines read is data, and a canonical address is this page's own
            page = re.sub(r'<script type="application/ld\+json">|<link rel="canonical"[^>]*>', "", visitor.page)
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)

    def test_the_cookie_is_kept_from_scripts_and_other_sites(self, visitor: Visitor) -> None:
        cookie = visitor.opens().headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie

    def test_the_cookie_needs_https_where_the_site_has_it(self, store: Store) -> None:
        site = create_app(settings_for("sqlite:///unused", public_url="https://app.balt-set.ru"), store)
        assert "Secure" in site.test_client().get("/").headers["Set-Cookie"]

    def test_pages_without_a_form_set_no_cookie(self, visitor: Visitor) -> None:
        assert "Set-Cookie" not in visitor.opens("/catalog.html").headers


class TestStaticFiles:
    """Kept for ever by browsers, under an address that changes with them."""

    def test_a_file_is_kept_for_ever(self, visitor: Visitor) -> None:
        visitor.opens()
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.page):
            answer = visitor.client.get(address)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_an_old_pages_file_is_still_there_but_not_kept(self, visitor: Visitor) -> None:
        answer = visitor.client.get("/static/0123456789ab/css/site.css")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")

    def test_texts_are_packed_for_who_can_unpack_them(self, visitor: Visitor) -> None:
        plain, packed = (
            visitor.client.get("/static/x/vendor/htmx/htmx.min.js", headers={"Accept-Encoding": how})
            for how in ("identity", "gzip")
        )
        assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
        assert len(packed.data) < len(plain.data) / 2
        assert plain.headers["Vary"] == "Accept-Encoding"


def test_without_a_secret_key_a_random_one_is_made() -> None:
    bare = settings_for("sqlite:///unused").model_copy(update={"secret_key": SecretStr("")})
    first, second = (with_secret(bare).secret_key.get_secret_value() for _ in range(2))
    assert len(first) > 40
    assert first != second


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Доброй ночи"), (5, "Доброе утро"), (11, "Добрый день"), (17, "Добрый вечер"), (23, "Доброй ночи")],
)
def test_greeting_by_the_hour(hour: int, words: str) -> None:
    assert greeting(datetime(2026, 11, 22, hour)) == words


def test_how_things_are_shown() -> None:
    gap = "\N{NO-BREAK SPACE}"
    assert phone("+79001234567") == f"+7{gap}900{gap}123-45-67"
    assert phone("добавочный 5") == "добавочный 5"
    assert money(Decimal("12345.50")) == f"12{gap}345,50{gap}₽"
    assert moment(datetime(2026, 11, 2, 9, 5)) == f"2{gap}ноября, 09:05"
