"""The company's requisites, and the text of the payment QR."""

from decimal import Decimal

import pytest

from record.payment import Requisites, account_fits, corr_account_fits, qr_text

COMPANY = Requisites(
    name="ООО «Три кита»",
    account="40702810138250123017",
    bank="ОАО «БАНК»",
    bic="044525225",
    corr_account="30101810400000000225",
    inn="6200098765",
)


def test_the_qr_says_whom_how_much_and_what_for() -> None:
    assert qr_text(COMPANY, Decimal("2000.50"), "Оплата по заявке №17") == (
        "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО «БАНК»|BIC=044525225"
        "|CorrespAcc=30101810400000000225|PayeeINN=6200098765|Sum=200050|Purpose=Оплата по заявке №17"
    )


def test_without_a_price_the_payer_types_the_sum() -> None:
    assert "Sum=" not in qr_text(COMPANY, None, "Оплата")


def test_no_text_can_slip_a_field_in_or_be_too_long() -> None:
    said = qr_text(COMPANY, Decimal(1), "А|Sum=999\n" + "я" * 300)
    purpose = said.split("|")[-1].removeprefix("Purpose=")
    assert (purpose[:9], len(purpose), said.count("|Sum=")) == ("А Sum=999", 210, 1)


@pytest.mark.parametrize(("digit", "fits"), [("7", True), ("8", False)])
def test_a_slip_in_the_account_is_seen_by_its_control_digit(digit: str, *, fits: bool) -> None:
    assert account_fits(COMPANY.account[:-1] + digit, COMPANY.bic) is fits


def test_a_slip_in_the_correspondent_account_is_seen() -> None:
    assert corr_account_fits(COMPANY.corr_account, COMPANY.bic)
    assert not corr_account_fits("30101810400000000226", "044525225")
