"""F8: limits go by who really asks, whatever a visitor claims and wherever the balancer stands."""

import pytest

from tests.web.staff import NewPerson, Person, enters

WRONG = "кривая лошадь"


def behind(person: Person, peer: str, forwarded: str) -> Person:
    """Let a person's requests come from this peer with this header."""
    person.client.environ_base |= {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    return person


@pytest.mark.parametrize(
    ("peer", "after"), [("127.0.0.1", ""), ("127.0.0.1", ", 10.0.0.5"), ("10.0.0.5", ""), ("10.0.0.5", ", 127.0.0.1")]
)
def test_f8_made_up_addresses_make_nobody_another(new_person: NewPerson, peer: str, after: str) -> None:
    """One visitor guesses passwords under a new name each time; nginx or a balancer adds his true address."""
    new_person(trusted_proxies=("10.0.0.5",))
    true = f"203.0.113.66{after}"
    people = (behind(new_person(), peer, f"198.51.100.{n}, {true}") for n in range(8))
    told = [enters(one, WRONG).status_code for one in people]
    assert told == [422] * 5 + [429] * 3


def test_f8_one_visitors_guesses_lock_nobody_else_behind_the_same_balancer(new_person: NewPerson) -> None:
    new_person(trusted_proxies=("10.0.0.0/8",))
    for _ in range(8):
        enters(behind(new_person(), "10.1.2.3", "203.0.113.66"), WRONG)
    assert enters(behind(new_person(), "10.1.2.3", "203.0.113.67")).status_code == 303
    assert enters(behind(new_person(), "10.1.2.3", "203.0.113.66")).status_code == 429


def test_f8_a_stranger_who_claims_to_be_a_proxy_is_himself(new_person: NewPerson) -> None:
    new_person(trusted_proxies=("10.0.0.5",))
    told = [enters(behind(new_person(), "203.0.113.66", f"10.0.0.5, 198.51.100.{n}"), WRONG).status_code
            for n in range(6)]  # fmt: skip
    assert told == [422] * 5 + [429]


def test_f8_a_household_has_as_many_addresses_as_it_likes_and_is_one(new_person: NewPerson) -> None:
    told = [enters(behind(new_person(), "127.0.0.1", f"2001:db8:1:2::{n:x}"), WRONG).status_code for n in range(6)]
    assert told == [422] * 5 + [429]
