"""The company whose writes these tests follow to the sheet."""

import pytest

from tests.harness.office import Office, order


@pytest.fixture
def company(office: Office) -> Office:
    """An office whose worker has seen five orders."""
    office.paste(*[order(number) for number in range(1, 6)])
    office.begin()
    return office
