"""F9: whoever guesses the admin's password slows himself; the owner gets in whatever others do."""

import threading
import time

import pytest

from tests.web.staff import PASSWORD, NewPerson, Person, enters
from web.access import admin_login
from web.concurrency import ConcurrencyLimit

WRONG = "кривая лошадь"
ATTACKERS = 110


def from_address(person: Person, address: str) -> Person:
    """Let a person come from an address."""
    person.client.environ_base["REMOTE_ADDR"] = address
    return person


def guesses(new_person: NewPerson, times: int, address: str = "203.0.113.{n}") -> set[int]:
    """Let strangers guess, each from an address of his own unless one is given; return what they were answered."""
    return {enters(from_address(new_person(), address.format(n=n)), WRONG).status_code for n in range(times)}


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_login, "PACE_S", 0.01)


def test_f9_a_hundred_wrong_passwords_lock_the_owner_out_neither_at_home_nor_away(new_person: NewPerson) -> None:
    owner = new_person()
    assert enters(owner).status_code == 303
    assert guesses(new_person, ATTACKERS) == {422}
    assert enters(owner).status_code == 303
    assert enters(from_address(owner, "198.51.100.7")).status_code == 303, "on his phone's network"
    assert enters(from_address(new_person(), "198.51.100.8")).status_code == 303, "on somebody else's computer"


def test_f9_whoever_shares_the_owners_address_locks_out_strangers_there_but_not_him(new_person: NewPerson) -> None:
    """As behind a mobile operator's address, or a balancer that nobody has put into the settings."""
    owner = new_person()
    assert enters(owner).status_code == 303
    assert guesses(new_person, 40, "127.0.0.1") == {422, 429}
    assert enters(new_person()).status_code == 429
    for _ in range(3):
        assert enters(owner).status_code == 303


def test_f9_the_device_is_known_after_leaving_and_its_cookie_opens_nothing(new_person: NewPerson) -> None:
    owner = new_person()
    owner.follows(enters(owner))
    owner.follows(owner.sends("/admin/exit"))
    known = owner.client.get_cookie("naryad-device")
    assert known
    assert owner.opens("/admin/orders").status_code == 303
    guesses(new_person, 10, "127.0.0.1")
    assert enters(owner).status_code == 303


@pytest.mark.parametrize("forged", ["", "owner", "owner.sig.nature", "ownerй.x.y", "a" * 3000])
def test_f9_a_forged_device_is_a_stranger(new_person: NewPerson, forged: str) -> None:
    guesses(new_person, 6, "127.0.0.1")
    stranger = new_person()
    stranger.client.set_cookie("naryad-device", forged)
    assert enters(stranger).status_code == 429


def test_f9_a_stolen_device_guesses_no_faster_than_anybody(new_person: NewPerson) -> None:
    thief = new_person()
    assert enters(thief).status_code == 303
    told = [
        enters(from_address(thief, f"203.0.113.{n}"), WRONG).status_code for n in range(admin_login.BY_DEVICE + 2)
    ]
    assert told == [422] * admin_login.BY_DEVICE + [429] * 2


def test_f9_guesses_that_were_not_judged_prolong_nothing(new_person: NewPerson) -> None:
    assert guesses(new_person, 12, "203.0.113.5") == {422, 429}
    owner = from_address(new_person(), "203.0.113.5")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admin_login, "WINDOW_S", 0.0)
        assert enters(owner).status_code == 303


def test_f9_many_at_once_take_few_threads_and_little_memory(
    new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crowd is judged two at a time, some wait, the others are told to come back; the owner goes past them."""
    owner = new_person()
    assert enters(owner).status_code == 303
    at_once, most, lock, go_on = [0], [0], threading.Lock(), threading.Event()

    def slow(password: str, _kept: str) -> bool:
        if password == PASSWORD:
            return True
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        go_on.wait(20)
        with lock:
            at_once[0] -= 1
        return False

    monkeypatch.setattr(admin_login, "fits", slow)
    monkeypatch.setattr(admin_login, "STRANGERS", ConcurrencyLimit(2, queue=2, wait_s=20))
    people = [from_address(new_person(), f"203.0.113.{n}") for n in range(12)]
    told: list[int] = []
    crowd = [threading.Thread(target=lambda one=one: told.append(enters(one, WRONG).status_code)) for one in people]
    for one in crowd:
        one.start()
    deadline = time.monotonic() + 20
    while len(told) < 8 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told == [429] * 8, "whoever finds no place is told at once"
    assert enters(owner).status_code == 303, "while the others still wait"
    go_on.set()
    for one in crowd:
        one.join(20)
    assert (most[0], sorted(told)) == (2, [422] * 4 + [429] * 8)


def test_f9_over_https_the_devices_cookie_is_bound_to_the_host(new_person: NewPerson) -> None:
    person = new_person(public_url="https://app.example")
    base = "https://app.example"
    person.page = person.client.get("/admin.html", base_url=base).get_data(as_text=True)
    sent = {"csrf_token": person.hidden("csrf_token"), "password": PASSWORD}
    answer = person.client.post("/admin.html", data=sent, base_url=base)
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if "device" in one]
    assert line.startswith("__Host-naryad-device=")
    assert all(part in line for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
