"""The public pages as an attacker tries them."""

import re
import socket

import pytest

from record.store import Store
from record.values import Status
from tests.harness.system import HANG_S
from tests.web.process import Process
from tests.web.shop import stock
from tests.web.visitor import GOOD, NewVisitor, Visitor, all_orders, put_order

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}"
READERS = (
    "/",
    "/catalog.html",
    "/services.html",
    "/calculator.html",
    "/track.html",
    "/order-complete.html",
    "/counts",
)
LEAKS = ("<script>alert", "<img src=x", "49$49", "Traceback")


@pytest.mark.parametrize("address", READERS)
def test_nothing_in_an_address_becomes_markup(visitor: Visitor, store: Store, address: str) -> None:
    stock(store)
    for field in ("q", "category", "problem", "estimate", "id", "key", "seen"):
        answer = visitor.client.get(address, query_string={field: EVIL})
        assert answer.status_code in {200, 404}
        assert not [leak for leak in LEAKS if leak in answer.get_data(as_text=True)], field


def test_nothing_in_a_form_becomes_markup(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens()
    visitor.sends(
        **dict.fromkeys(("name", "phone", "address", "category", "problem", "estimate", "form_token"), EVIL)
    )
    assert "отмеченные поля" in visitor.page
    assert not [leak for leak in LEAKS if leak in visitor.page]


def test_nothing_that_staff_typed_becomes_markup(visitor: Visitor, store: Store) -> None:
    with store.transaction() as tx:
        tx.lists.put("Услуги", [(EVIL, EVIL, EVIL, EVIL, 100, True)])
    put_order(store, "17", Категория=EVIL, Мастер=EVIL, Имя=EVIL)
    for address in (*READERS, "/track.html?id=17&key=key-17"):
        visitor.opens(address)
        assert not [leak for leak in LEAKS if leak in visitor.page], address


def test_numbers_cannot_be_walked(visitor: Visitor, store: Store) -> None:
    """Neither by a number, nor by a key of another order, nor by what the answers differ in."""
    for number in range(1, 6):
        put_order(store, str(number))
    tried = [visitor.opens(f"/track.html?id={number}&key=key-{number + 1}") for number in range(1, 10)]
    assert {answer.status_code for answer in tried} == {404}
    assert len({answer.data for answer in tried}) == 1


def test_an_order_made_by_one_visitor_is_not_shown_to_another(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.orders()
    other.opens("/order-complete.html")
    assert other.number() == ""
    assert other.tracking_link() == ""


def test_a_cookie_made_elsewhere_is_not_believed(visitor: Visitor, store: Store) -> None:
    put_order(store, "17")
    visitor.orders()
    forged = visitor.client.get_cookie("naryad")
    assert forged
    visitor.client.set_cookie("naryad", forged.value[:-4] + "AAAA")
    visitor.opens("/order-complete.html")
    assert visitor.number() == ""


@pytest.mark.parametrize("to", ["/", "/index.html", "/order", "/track/cancel"])
def test_no_form_is_taken_without_the_sites_own_token(visitor: Visitor, store: Store, to: str) -> None:
    put_order(store, "17")
    for token in ("", "made-up", "IjEyMyI.Z9xx.bad"):
        answer = visitor.client.post(to, data=GOOD | {"csrf_token": token, "id": "17", "key": "key-17"})
        assert answer.status_code == 400
    assert [(order.id, order.status) for order in all_orders(store)] == [("17", Status.NEW)]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_pages_are_only_read(visitor: Visitor, method: str) -> None:
    for address in ("/catalog.html", "/services.html", "/calculator.html", "/track.html"):
        assert visitor.client.open(address, method=method).status_code in {400, 405}


def test_a_stranger_names_no_other_host(visitor: Visitor) -> None:
    answer = visitor.client.get(
        "/products.html", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    assert answer.headers["Location"] == "/catalog.html"


def test_too_long_an_address_is_a_page(visitor: Visitor) -> None:
    answer = visitor.opens("/catalog.html?q=" + "a" * 7000)
    assert answer.status_code == 414
    assert "Слишком длинный адрес" in visitor.page
    assert "<h1>" in visitor.page


def test_far_too_long_an_address_is_refused_by_the_server(site: Process) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=HANG_S) as wire:
        wire.sendall(b"GET /track.html?key=secret-" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 414 " in wire.recv(1000).split(b"\r\n")[0]
    assert "secret-" not in site.log()


def test_garbage_on_the_wire_leaves_no_query_in_the_log(site: Process) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=HANG_S) as wire:
        wire.sendall(b"GET /track.html?id=17&key=walked-key\r\n\r\n")
        assert b" 400 " in wire.recv(1000).split(b"\r\n")[0]
    assert "Invalid" in site.log()
    assert "walked-key" not in site.log()


def test_phones_stand_in_no_address(visitor: Visitor) -> None:
    visitor.orders(phone="8 900 123-45-67")
    seen = visitor.page
    for address in ("/", visitor.tracking_link()):
        visitor.opens(address)
        seen += visitor.page
    links = re.findall(r'(?:href|action|hx-get)="([^"]+)"', seen)
    assert links
    assert not [link for link in links if "9001234567" in re.sub(r"\D", "", link)]


def test_a_page_is_packed_for_who_can_unpack_it(visitor: Visitor, store: Store) -> None:
    stock(store)
    plain, packed = (
        visitor.client.get("/catalog.html", headers={"Accept-Encoding": how}) for how in ("identity", "gzip")
    )
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2


def test_an_answer_to_a_form_is_kept_for_nobody_else(visitor: Visitor) -> None:
    """Not even by a proxy that keeps answers to forms: they do not vary by the cookie."""
    app = visitor.client.application
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        address = re.sub("<[^>]+>", "1", rule.rule)
        visitor.opens()
        answer = visitor.client.post(address, data=GOOD | {"csrf_token": visitor.hidden("csrf_token")})
        assert answer.headers["Cache-Control"] in {"no-store", "private, no-cache"}, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
