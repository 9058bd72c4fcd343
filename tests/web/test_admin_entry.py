"""Nobody gets into the panel but who knows the password: each way in, tried as a stranger would."""

import re
import time
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from record.store import Store
from tests.web.staff import IVAN, PASSWORD, NewPerson, Person, comes, enters, later, link
from tests.web.visitor import put_order
from web.access import admin_login

INSIDE = (
    "/admin/orders",
    "/admin/orders/17",
    "/admin/orders/404",
    "/admin/masters",
    "/admin/statistics",
    "/admin/health",
    "/admin/health/live",
    "/admin/live",
    "/admin/export.csv",
    "/admin/export.xlsx",
)
HOUR = 3600.0


def cookie(answer: TestResponse, name: str = "naryad-admin") -> str:
    """Return the whole Set-Cookie line of a cookie, "" where it is not set."""
    return next((line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")), "")


def token(answer: TestResponse) -> str:
    """Return the secret of the session that an answer gives."""
    return next(iter(SimpleCookie(cookie(answer)).values())).value


class TestTheDoor:
    """Everything but the password form is behind the session."""

    @pytest.mark.parametrize("address", INSIDE)
    def test_a_stranger_is_led_to_the_form_and_sees_nothing(self, person: Person, store: Store, address: str) -> None:
        put_order(store, "17")
        answer = person.opens(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin.html?next={address}")
        assert not re.search("Юля|9001234567|Невского", answer.get_data(as_text=True))

    @pytest.mark.parametrize("address", ["/admin/orders/17", "/admin/masters/3", "/admin/exit", "/admin/overruled/1"])
    def test_a_stranger_changes_nothing(self, person: Person, store: Store, address: str) -> None:
        put_order(store, "17")
        person.opens("/admin.html")
        answer = person.sends(address, status="Отменена", seen_status="Новая", act="off", seen="ИСТИНА")
        assert answer.headers["Location"] == "/admin.html"
        with store.reading() as tx:
            assert tx.journal.depth()[0] == 0

    def test_ids_cannot_be_walked(self, person: Person, store: Store) -> None:
        put_order(store, "17")
        there, not_there = (person.opens(f"/admin/orders/{number}") for number in ("17", "18"))
        assert there.get_data(as_text=True).replace("17", "18") == not_there.get_data(as_text=True)

    def test_a_master_is_no_admin_and_the_admin_no_master(self, ivan: Person, admin: Person) -> None:
        assert ivan.opens("/admin/orders").status_code == 303
        assert admin.opens("/master-dashboard/live").status_code == 303

    def test_a_page_left_open_leads_to_the_form_by_itself(self, person: Person) -> None:
        answer = person.client.get("/admin/live", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (204, "/admin.html", b"")

    def test_private_pages_are_neither_kept_nor_indexed(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        for address in ("/admin.html", *INSIDE):
            headers = admin.opens(address).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex"), address


class TestThePassword:
    """One form, one password, few attempts."""

    def test_the_right_one_opens(self, person: Person) -> None:
        person.follows(enters(person))
        assert "Сегодня" in person.says()

    def test_a_wrong_one_does_not_and_is_not_shown_again(self, person: Person) -> None:
        answer = enters(person, "кривая лошадь")
        assert answer.status_code == 422
        assert cookie(answer) == ""
        assert "Пароль не подошёл" in person.says()
        assert "кривая лошадь" not in person.page

    def test_five_wrong_ones_close_the_door_to_the_right_one_too(self, person: Person) -> None:
        wrong = [enters(person, f"догадка {n}").status_code for n in range(5)]
        assert wrong == [422] * 5
        answer = enters(person)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
        assert "Слишком много попыток" in person.says()
        with later(admin_login.WINDOW_S + 1):
            assert enters(person).status_code == 303

    def test_the_right_one_clears_the_slips_before_it(self, person: Person) -> None:
        for _ in range(3):
            assert [enters(person, "опечатка").status_code for _ in range(4)] == [422] * 4
            assert enters(person).status_code == 303

    def test_a_restart_forgets_no_attempt(self, new_person: NewPerson) -> None:
        for n in range(5):
            enters(new_person(), f"догадка {n}")
        restarted = new_person(password=None, threads=2)
        assert enters(restarted).status_code == 429

    def test_many_addresses_together_are_slowed_and_nobody_is_locked_out(
        self, new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(admin_login, "CROWD", 10)
        monkeypatch.setattr(admin_login, "PACE_S", 0.3)
        for n in range(10):
            robot = new_person()
            robot.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
            assert enters(robot, "догадка").status_code == 422
        fresh = new_person()
        fresh.client.environ_base["REMOTE_ADDR"] = "203.0.113.99"
        began = time.monotonic()
        assert enters(fresh).status_code == 303
        assert time.monotonic() - began >= 0.3
        monkeypatch.setattr(admin_login, "PACE_S", 60.0)
        assert enters(fresh).status_code == 303, "a device that is known goes past them"

    def test_without_a_password_nobody_enters_and_the_page_says_how_to_set_one(self, new_person: NewPerson) -> None:
        person = new_person(password="")
        person.opens("/admin.html")
        assert "python -m web set-password" in person.says()
        assert 'type="password"' not in person.page
        person.opens("/")  # a form's token can be had there
        assert person.sends("/admin.html", password="").status_code == 403

    def test_a_form_that_was_not_given_by_us_is_refused(self, person: Person) -> None:
        person.opens("/admin.html")
        answer = person.client.post("/admin.html", data={"password": PASSWORD})
        assert (answer.status_code, cookie(answer)) == (400, "")

    @pytest.mark.parametrize(
        "asked",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/admin/../track.html",
            "/admin//evil.example",
            "/adminevil.example",
            "javascript:alert(1)",
            "/admin.html\r\nSet-Cookie: x=1",
            "/track.html",
        ],
    )
    def test_it_leads_nowhere_but_into_the_panel(self, person: Person, asked: str) -> None:
        assert enters(person, next=asked).headers["Location"] == "/admin.html"

    def test_it_leads_to_the_page_that_was_asked_for(self, person: Person) -> None:
        answer = enters(person, next="/admin/orders/17?x=1")
        assert answer.headers["Location"] == "/admin/orders/17?x=1"


class TestTheSession:
    """A random secret in a cookie that no script reads, ended by time, by leaving, by another password."""

    def test_the_cookie_is_for_this_site_and_no_script(self, person: Person) -> None:
        line = cookie(enters(person))
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Secure" not in line  # http on this very machine must work

    def test_over_https_it_is_secure_and_bound_to_the_host(self, new_person: NewPerson) -> None:
        person = new_person(public_url="https://app.example")
        answer = person.client.get("/admin.html", base_url="https://app.example")
        person.page = answer.get_data(as_text=True)
        data = {"csrf_token": person.hidden("csrf_token"), "password": PASSWORD}
        answer = person.client.post("/admin.html", data=data, base_url="https://app.example",
                                    headers={"Referer": "https://app.example/admin.html"})  # fmt: skip
        line = cookie(answer, "__Host-naryad-admin")
        assert "Secure" in line
        assert "Domain" not in line

    def test_a_session_that_was_slipped_in_is_never_made_valid(self, person: Person, store: Store) -> None:
        person.client.set_cookie("naryad-admin", "known-to-the-attacker")
        person.opens("/admin.html")
        before = person.hidden("csrf_token")
        answer = person.sends("/admin.html", password=PASSWORD)
        assert token(answer) != "known-to-the-attacker"
        person.follows(answer)
        assert person.hidden("csrf_token") != before
        with store.reading() as tx:
            assert tx.sessions.find("admin", "known-to-the-attacker") is None

    @pytest.mark.usefixtures("on_sqlite")
    def test_the_store_does_not_hold_what_opens(self, person: Person, store: Store, tmp_path: Path) -> None:
        secret = token(enters(person))
        with store.reading() as tx:
            assert tx.sessions.find("admin", secret) is not None
        files = [file.read_bytes() for file in tmp_path.glob("naryad.sqlite3*")]
        assert not any(secret.encode() in content for content in files)

    def test_leaving_ends_it_in_the_store_too(self, admin: Person) -> None:
        kept = admin.client.get_cookie("naryad-admin")
        assert kept
        admin.opens("/admin.html")
        admin.follows(admin.sends("/admin/exit"))
        assert "Вы вышли" in admin.says()
        admin.client.set_cookie("naryad-admin", kept.value)
        assert admin.opens("/admin/orders").status_code == 303

    def test_idleness_ends_it_and_work_keeps_it(self, admin: Person) -> None:
        with later(1.5 * HOUR):
            assert admin.opens("/admin/orders").status_code == 200
        with later(3 * HOUR):
            assert admin.opens("/admin/orders").status_code == 200
        with later(5.5 * HOUR):
            assert admin.opens("/admin/orders").status_code == 303

    @pytest.mark.parametrize("page", ["/admin.html", "/admin/health"])
    def test_a_page_that_asks_by_itself_keeps_nobody_in(self, admin: Person, page: str) -> None:
        admin.opens(page)
        asks = re.search(r'hx-get="([^"]+)" hx-trigger="every ', admin.page)
        assert asks
        for hours in (0.5, 1.0, 1.5, 1.9):
            with later(hours * HOUR):
                assert admin.client.get(asks[1], headers={"HX-Request": "true"}).status_code == 200
        with later(2.1 * HOUR):
            assert admin.opens("/admin/orders").status_code == 303

    def test_a_day_ends_it_however_busy(self, admin: Person) -> None:
        for hours in range(1, 12):
            with later(hours * HOUR):
                assert admin.opens("/admin/orders").status_code == 200
        with later(12.1 * HOUR):
            assert admin.opens("/admin/orders").status_code == 303

    def test_another_password_ends_all_sessions(self, new_person: NewPerson) -> None:
        person = new_person()
        enters(person)
        kept = person.client.get_cookie("naryad-admin")
        assert kept
        other = new_person(password="scrypt:32768:8:1:salt:00")
        other.client.set_cookie("naryad-admin", kept.value)
        assert other.opens("/admin/orders").status_code == 303

    def test_a_masters_secret_is_worth_nothing_as_the_admins(self, new_person: NewPerson, store: Store) -> None:
        master = new_person()
        comes(master, link(store, IVAN))
        kept = master.client.get_cookie("naryad-master")
        assert kept
        thief = new_person()
        thief.client.set_cookie("naryad-admin", kept.value)
        assert thief.opens("/admin/orders").status_code == 303
