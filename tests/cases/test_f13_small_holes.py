"""F13: small holes of the site: files for Excel, what /healthz tells, what cookies hold, headers."""

import base64
import csv
import io
import re
import time
import unicodedata
import zlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from record.dispatch.model import Order, Roster
from record.errors import NaryadError, SheetBroken, SheetDenied, StoreError
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Store
from record.store.facts import SHEET_PROBLEMS
from tests.web.staff import PASSWORD, NewPerson, Person
from tests.web.visitor import NewVisitor, Visitor, put_order, settings_for
from web import create_app
from web.present.tables import csv_parts, harmless
from web.views.admin.searches import SOUGHT
from worker.alarms import Alarm

STRANGER = "203.0.113.5"
HTTPS = "https://app.example"
STARTS = "=+-@|%＝＋－＠｜％−"
HIDDEN = ("\x01", "\x00\x1f", "\u200b", "\ufeff", "\u202e", "\x7f", "\x85")
BEFORE = ("", " ", "\xa0", "\u2003", "\t", "\r", "\n", "\r\n", *HIDDEN)
STRANGE = ("%00", "17%00", "%ff%fe", "9" * 400, "-1", "1e9", "%F0%9F%92%A9", "17/../18", "%0d%0aX: y")


# Files for Excel


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("start", STARTS)
def test_f13_no_text_becomes_a_formula_whatever_stands_before_it(before: str, start: str) -> None:
    assert harmless(f"{before}{start}1+1").startswith("'")


@given(st.text())
def test_f13_what_a_program_sees_first_never_begins_a_formula(text: str) -> None:
    shown = "".join(mark for mark in harmless(text) if unicodedata.category(mark)[0] not in "CZ")
    assert unicodedata.normalize("NFKC", shown[:1])[:1] not in tuple("=+-@|%")


def test_f13_a_cell_is_one_cell_for_programs_that_divide_by_commas() -> None:
    order = Order("17", name="Юля,=1+1", address='Мира 1";"=1+1', problem="a\n=1+1", price=Decimal("20.5"))
    text = b"".join(csv_parts([order], Roster())).decode("utf-8-sig")
    by_commas = list(csv.reader(io.StringIO(text.replace('";"', '","'), newline="")))
    assert not [cell for row in by_commas for cell in row if cell.startswith("=")]


# What /healthz tells


def told(visitor: Visitor, address: str = "127.0.0.1", **headers: str) -> tuple[int, dict[str, object]]:
    """Return what somebody at an address is told."""
    answer = visitor.client.get("/healthz", environ_base={"REMOTE_ADDR": address}, headers=headers)
    assert answer.json is not None
    return answer.status_code, answer.json


def breaks(store: Store) -> None:
    """Let the sheet have a problem."""
    with store.transaction() as tx:
        tx.runs.add("poll", ok=True, seconds=0.1, facts={})
        tx.facts.put(SHEET_PROBLEMS, ["Таблица «Заявки» закрыта для naryad@secret.iam.gserviceaccount.com"])


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (STRANGER, {}),
        ("2001:db8::5", {}),
        ("127.0.0.1", {"X-Forwarded-For": STRANGER}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Real-Ip": STRANGER}),
        ("127.0.0.1", {"Forwarded": f"for={STRANGER}"}),
        ("10.0.0.5", {"X-Forwarded-For": "10.0.0.7"}),
        (STRANGER, {"Authorization": "Bearer wrong"}),
        (STRANGER, {"Authorization": "Bearer "}),
    ],
)
def test_f13_strangers_learn_of_what_kind_the_trouble_is_and_no_more(
    visitor: Visitor, store: Store, address: str, headers: dict[str, str]
) -> None:
    assert told(visitor, address, **headers)[1]["reasons"] in ([], ["таблица"])
    breaks(store)
    assert told(visitor, address, **headers) == (503, {"healthy": False, "reasons": ["таблица"]})


@pytest.mark.parametrize("words", ["Таблица", "Сообщение", "Локальная база", "Что угодно"])
@pytest.mark.parametrize(
    ("error", "kind"),
    [(SheetBroken, "таблица"), (SheetDenied, "таблица"), (StoreError, "база"), (NaryadError, "сбой")],
)
def test_f13_of_what_kind_a_trouble_is_does_not_hang_on_its_words(
    visitor: Visitor, store: Store, error: type[NaryadError], kind: str, words: str
) -> None:
    with store.transaction() as tx:
        tx.runs.add("poll", ok=True, seconds=0.1, facts={})
    assert told(visitor, STRANGER)[1]["reasons"] == []
    Alarm(store, settings_for("sqlite:///unused")).hear("poll", error(words), time.monotonic())
    assert told(visitor, STRANGER)[1]["reasons"] == [kind]


def test_f13_a_write_that_google_refuses_is_of_the_sheet(visitor: Visitor, store: Store) -> None:
    with store.transaction() as tx:
        tx.runs.add("poll", ok=True, seconds=0.1, facts={})
        tx.journal.add(Write(ORDERS, "set", "5", {"Комментарий": "x"}))
        tx.journal.mark([write.id for write in tx.journal.unechoed()], "parked", "нельзя")
    assert told(visitor, STRANGER)[1]["reasons"] == ["таблица"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.7", "::ffff:192.168.1.5"])
def test_f13_the_companys_own_machines_are_told_why(visitor: Visitor, store: Store, address: str) -> None:
    breaks(store)
    status, report = told(visitor, address)
    assert (status, len(report)) == (503, 8)
    assert "gserviceaccount" in str(report["reasons"])


def test_f13_who_knows_the_token_is_told_why(store: Store) -> None:
    breaks(store)
    settings = settings_for("sqlite:///unused").model_copy(update={"metrics_token": SecretStr("a secret")})
    visitor = Visitor(create_app(settings, store).test_client())
    assert "gserviceaccount" in str(told(visitor, STRANGER, Authorization="Bearer a secret"))
    assert "gserviceaccount" not in str(told(visitor, STRANGER, Authorization="Bearer another"))


def test_f13_who_names_the_public_address_came_through_its_proxy(new_visitor: NewVisitor, store: Store) -> None:
    """A proxy that adds nothing to what it passes on looks like this machine itself."""
    breaks(store)
    visitor = new_visitor(public_url=HTTPS)
    assert "gserviceaccount" not in str(told(visitor, Host="app.example"))
    assert "gserviceaccount" in str(told(visitor, Host="127.0.0.1:8000"))


# What cookies hold


def held(person: Person) -> str:
    """Return all that this person's cookies hold, in plain and unpacked."""
    shown = ""
    for name in ("naryad", "naryad-admin", "naryad-device"):
        cookie = person.client.get_cookie(name)
        value = cookie.value if cookie else ""
        shown += value
        for part in value.strip(".").split("."):
            raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            shown += raw.decode("utf-8", "replace")
            if raw[:1] == b"\x78":
                shown += zlib.decompress(raw).decode("utf-8", "replace")
    return shown


def test_f13_a_phone_that_is_searched_for_stands_in_no_cookie_and_no_address(admin: Person, store: Store) -> None:
    put_order(store, "17", Телефон="+79001112233")
    put_order(store, "18", Телефон="+79007654321")
    admin.opens("/admin/orders")
    answer = admin.sends("/admin/orders", q="8 900 111-22-33")
    assert "900" not in answer.headers["Location"]
    assert not re.search(r"900\D*111", held(admin))
    admin.follows(answer)
    assert "/admin/orders/17" in admin.page
    assert "/admin/orders/18" not in admin.page
    assert admin.client.get("/admin/export.csv?sought=1").get_data(as_text=True).count("\r\n") == 2


def test_f13_what_one_has_searched_for_is_not_anothers(new_person: NewPerson, store: Store) -> None:
    put_order(store, "17", Телефон="+79001112233")
    one, other = new_person(), new_person()
    for person in (one, other):
        person.opens("/admin.html")
        person.follows(person.sends("/admin.html", password=PASSWORD))
        person.opens("/admin/orders")
    one.sends("/admin/orders", q="8 900 111-22-33")
    other.opens("/admin/orders?sought=1")
    assert "8 900 111-22-33" not in other.page
    one.opens("/admin/orders?sought=1")
    assert "8 900 111-22-33" in one.page
    one.sends("/admin/exit")
    with store.reading() as tx:
        assert "111-22-33" not in str(tx.facts.get(SOUGHT))


def test_f13_cookies_over_https_are_bound_to_the_host(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(public_url=HTTPS)
    answer = visitor.client.get("/", base_url=HTTPS)
    lines = answer.headers.getlist("Set-Cookie")
    assert lines
    for line in lines:
        assert line.startswith("__Host-")
        assert all(part in line for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Domain" not in line


# Headers

PAGES = ("/", "/catalog.html", "/track.html", "/payment.html", "/ai-chat.html", "/admin.html", "/healthz", "/metrics",
         "/master-dashboard.html", "/no-such-page", "/order-complete.html", "/static/x/css/site.css")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_f13_every_answer_says_how_far_it_may_be_used(new_visitor: NewVisitor, address: str) -> None:
    headers = new_visitor(public_url=HTTPS).client.get(address, base_url=HTTPS).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_f13_over_plain_http_no_browser_is_told_to_insist_on_https(new_visitor: NewVisitor) -> None:
    assert "Strict-Transport-Security" not in new_visitor().client.get("/").headers


@pytest.mark.parametrize(
    "address", ["/track.html?id=17&key=key-17", "/track.html?id=17&key=wrong", "/payment.html?id=17&key=key-17",
                "/order-complete.html", "/ai-chat.html", "/admin.html", "/master-dashboard.html", "/admin/talks"],
)  # fmt: skip
def test_f13_what_is_one_persons_own_is_kept_by_nobody(visitor: Visitor, store: Store, address: str) -> None:
    put_order(store, "17")
    assert visitor.opens(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("strange", STRANGE)
def test_f13_strange_numbers_are_wrong_numbers(visitor: Visitor, store: Store, strange: str) -> None:
    put_order(store, "17")
    for page in ("/track.html", "/payment.html", "/track/live"):
        for query in (f"id={strange}&key=key-17", f"id=17&key={strange}"):
            assert visitor.opens(f"{page}?{query}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/x/../../config.toml", "/static/x/..%2f..%2fconfig.toml", "/static/x/%2e%2e/config.toml",
             "/static/x//etc/passwd", "/static/x/css/site.css%00.txt", "/static/../.env", "/.env", "/config.toml"],
)  # fmt: skip
def test_f13_no_path_leads_out_of_the_static_files(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code in {404, 308}
