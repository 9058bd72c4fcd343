"""Whose request it is, from the connection and what proxies say."""

from ipaddress import ip_network

import pytest

from web.access.proxies import rate_limit_key, real_client

BALANCER = (ip_network("10.0.0.0/24"), ip_network("fd00::/16"))
ONE, OTHER = "203.0.113.5", "198.51.100.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (ONE, "", ONE),
        (ONE, OTHER, ONE),  # a stranger may say what he likes
        (ONE, "127.0.0.1", ONE),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", ONE, ONE),
        ("127.0.0.1", f"{OTHER}, {ONE}", ONE),  # nginx adds on the right whom it speaks with
        ("127.0.0.1", f"127.0.0.1, {ONE}", ONE),
        ("127.0.0.1", f"{OTHER},{OTHER} ,  {ONE}  ", ONE),
        ("127.0.0.1", f"{ONE}, 127.0.0.1", ONE),  # two proxies on this machine
        ("::1", ONE, ONE),
        ("::ffff:127.0.0.1", ONE, ONE),
        ("10.0.0.7", ONE, ONE),
        ("10.0.1.7", ONE, "10.0.1.7"),  # private, but nobody said that it is ours
        ("127.0.0.1", f"{OTHER}, {ONE}, 10.0.0.7", ONE),  # a balancer before nginx
        ("127.0.0.1", f"10.0.0.9, {ONE}, 10.0.0.7", ONE),
        ("10.0.0.7", "10.0.0.9", "10.0.0.9"),
        ("fd00::7", "2001:db8::5", "2001:db8::5"),
        ("127.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("127.0.0.1", f"{ONE}:4711", ONE),
        ("127.0.0.1", "::ffff:203.0.113.5", ONE),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", f"{OTHER}, _hidden", "127.0.0.1"),
        ("127.0.0.1", f"{OTHER}, 10.0.0.7, evil", "127.0.0.1"),
        ("127.0.0.1", f"{OTHER}, evil, 10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", ",,,", "127.0.0.1"),
        ("127.0.0.1", f"{ONE},", "127.0.0.1"),
        ("", ONE, ""),
        ("unix:", ONE, "unix:"),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours(peer: str, forwarded: str, expected: str) -> None:
    assert real_client(peer, forwarded, BALANCER) == expected


@pytest.mark.parametrize(
    "made_up", ["127.0.0.1", "10.0.0.1", "8.8.8.8", "::1", "evil", "", "0", "[::1", "1.1.1.1:8:"]
)
def test_nothing_left_of_a_stranger_counts(made_up: str) -> None:
    for peer, behind in (("127.0.0.1", ""), ("127.0.0.1", ", 10.0.0.2"), ("10.0.0.2", "")):
        for times in (1, 2, 30):
            said = ", ".join([made_up] * times)
            assert real_client(peer, f"{said}, {ONE}{behind}", BALANCER) == ONE


def test_a_household_is_one_visitor() -> None:
    assert (
        rate_limit_key("2001:db8:1:2::5")
        == rate_limit_key("2001:db8:1:2:ffff:ffff:ffff:ffff")
        != rate_limit_key("2001:db8:1:3::5")
    )
    assert rate_limit_key("::ffff:203.0.113.5") == rate_limit_key("203.0.113.5") == "203.0.113.5"
    assert rate_limit_key("fe80::1%eth0") == rate_limit_key("fe80::2")
