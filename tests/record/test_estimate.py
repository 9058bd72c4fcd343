"""What chosen services cost together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.dispatch.model import Service
from record.reports.estimate import MOST_LINES, Choice, choice_code, estimate, quantity, read_choice
from record.reports.price_rule import Rates

RATES = Rates(Decimal(1000), Decimal(30), Decimal(50))
SERVICES = {
    "socket": Service("Розетки", "Замена розетки", "", "штука", Decimal(450), shown=True),
    "lamp": Service("Свет", "Подвес люстры", "", "штука", Decimal("1299.50"), shown=True),
    "talk": Service("Разное", "Прочее", "", "", None, shown=True),
}


def total(*, urgent: bool = False, night: bool = False, rates: Rates = RATES, **quantities: int) -> Decimal:
    return estimate(Choice(quantities, urgent, night), SERVICES, rates).total


def test_works_add_up() -> None:
    made = estimate(Choice({"socket": 3, "lamp": 2}), SERVICES, RATES)
    assert [item.sum for item in made.items] == [Decimal(1350), Decimal(2599)]
    assert (made.works, made.topped_up, made.total) == (Decimal(3949), Decimal(0), Decimal(3949))
    assert made.surcharges == ()


def test_a_visit_costs_at_least_the_minimum() -> None:
    made = estimate(Choice({"socket": 1}), SERVICES, RATES)
    assert (made.works, made.topped_up, made.total) == (Decimal(450), Decimal(550), Decimal(1000))
    assert total(socket=1, rates=Rates()) == 450


def test_haste_and_night_are_added_to_what_the_visit_costs_each() -> None:
    made = estimate(Choice({"socket": 1}, urgent=True, night=True), SERVICES, RATES)
    assert [(one.name, one.percent, one.amount) for one in made.surcharges] == [
        ("Срочно", Decimal(30), Decimal(300)),
        ("Ночью", Decimal(50), Decimal(500)),
    ]
    assert made.total == 1800


@pytest.mark.parametrize(("percent", "more"), [("30", "390"), ("0.01", "0"), ("33.33", "433")])
def test_a_surcharge_is_whole_roubles_half_up(percent: str, more: str) -> None:
    rates = Rates(urgent_percent=Decimal(percent))
    assert total(lamp=1, urgent=True, rates=rates) == Decimal("1299.50") + Decimal(more)


def test_a_surcharge_of_nothing_is_not_named() -> None:
    assert estimate(Choice({"socket": 1}, urgent=True), SERVICES, Rates()).surcharges == ()


def test_what_must_be_agreed_on_is_no_part_of_the_sum() -> None:
    made = estimate(Choice({"talk": 2, "socket": 4}), SERVICES, RATES)
    assert ([item.service.name for item in made.unpriced], made.total) == (["Прочее"], Decimal(1800))
    assert total(talk=1, urgent=True) == 0


def test_what_is_not_offered_any_more_is_left_out() -> None:
    assert estimate(Choice({"gone": 5}), SERVICES, RATES).items == ()
    assert total(gone=5) == 0


@pytest.mark.parametrize(
    ("typed", "count"),
    [("2", 2), (" 3 ", 3), ("", 0), ("-1", 0), ("1.5", 0), ("два", 0), ("99999999999999", 999), ("1e9", 0), ("٣", 0)],
)
def test_a_quantity_is_a_whole_number_up_to_999(typed: str, count: int) -> None:
    assert quantity(typed) == count


@pytest.mark.parametrize(
    ("code", "choice"),
    [
        ("", Choice({})),
        ("socket.2_lamp.1_urgent", Choice({"socket": 2, "lamp": 1}, urgent=True)),
        ("night", Choice({}, night=True)),
        ("socket.0_lamp.-1_x_.5_socket", Choice({"": 5})),
        ("_".join(f"a{n}.1" for n in range(1000)), Choice({f"a{n}": 1 for n in range(MOST_LINES)})),
    ],
)
def test_a_code_is_read_without_trust(code: str, choice: Choice) -> None:
    assert read_choice(code) == choice


@given(
    quantities=st.dictionaries(
        st.from_regex(r"[0-9a-f]{8}", fullmatch=True), st.integers(1, 999), max_size=MOST_LINES
    ),
    urgent=st.booleans(),
    night=st.booleans(),
)
def test_a_code_gives_back_the_choice(quantities: dict[str, int], *, urgent: bool, night: bool) -> None:
    choice = Choice(quantities, urgent, night)
    assert read_choice(choice_code(choice)) == choice


@given(
    quantities=st.dictionaries(st.sampled_from(["socket", "lamp", "talk"]), st.integers(1, 999)),
    urgent=st.booleans(),
    night=st.booleans(),
)
def test_more_never_costs_less(quantities: dict[str, int], *, urgent: bool, night: bool) -> None:
    less = estimate(Choice(quantities, urgent, night), SERVICES, RATES).total
    more = {**quantities, "socket": quantities.get("socket", 0) + 1}
    assert estimate(Choice(more, urgent, night), SERVICES, RATES).total >= less
