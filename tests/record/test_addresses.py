"""Addresses as people write them into settings."""

import re
from ipaddress import ip_network
from typing import Any

import pytest

from record.settings.addresses import networks


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ([], []),
        ("", []),
        ("[]", []),
        (["10.0.0.5"], ["10.0.0.5/32"]),
        (["10.0.0.0/8", "fd00::/8"], ["10.0.0.0/8", "fd00::/8"]),
        ("10.0.0.5", ["10.0.0.5/32"]),
        ("10.0.0.5, 10.0.0.6", ["10.0.0.5/32", "10.0.0.6/32"]),
        ('["10.0.0.5", "::1"]', ["10.0.0.5/32", "::1/128"]),
    ],
)
def test_networks_are_read_as_a_list_and_as_one_line(written: Any, found: list[str]) -> None:
    assert networks(written) == tuple(map(ip_network, found))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["nginx"], "«nginx» — не адрес и не сеть"),
        (["10.0.0.1/8"], "«10.0.0.1/8» — не адрес и не сеть"),
        (["10.0.0.300"], "«10.0.0.300» — не адрес и не сеть"),
        ("[10.0.0.5", "адреса или сети списком"),
        (5, "адреса или сети списком"),
        (True, "адреса или сети списком"),
        ([None], "«None» — не адрес и не сеть"),
        ([5], "«5» — не адрес и не сеть"),
        (["0.0.0.0/0"], "0.0.0.0/0 — это весь интернет"),
        (["::/0"], "::/0 — это весь интернет"),
    ],
)
def test_what_is_no_network_is_explained(written: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        networks(written)
