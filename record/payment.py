"""How a client pays by bank: requisites, and the text of a payment QR code. Pure.

The QR is GOST R 56042-2014: ``ST00012`` (version 1, UTF-8), then ``Key=Value`` parts;
the first five are required.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle

PREFIX = "ST00012"
# characters, by the standard's table
LIMITS = {"Name": 160, "BankName": 45, "Purpose": 210}
LONGEST = 300  # characters of any other part
WEIGHTS = (7, 1, 3)  # of the digits, again and again


@dataclass(frozen=True)
class Requisites:
    """Whom to pay: the company, its account, its bank; ``inn`` and ``kpp`` may be empty."""

    name: str
    account: str
    bank: str
    bic: str
    corr_account: str
    inn: str = ""
    kpp: str = ""


def qr_text(requisites: Requisites, price: Decimal | None, purpose: str) -> str:
    """Return what the QR says to a bank's app.

    Without a price the payer types the sum.
    """
    parts = {
        "Name": requisites.name,
        "PersonalAcc": requisites.account,
        "BankName": requisites.bank,
        "BIC": requisites.bic,
        "CorrespAcc": requisites.corr_account,
        "PayeeINN": requisites.inn,
        "KPP": requisites.kpp,
        "Sum": _kopecks(price),
        "Purpose": purpose,
    }
    said = [PREFIX]
    for key, value in parts.items():
        if value:
            said.append(f"{key}={_plain(value, LIMITS.get(key, LONGEST))}")
    return "|".join(said)


def _kopecks(price: Decimal | None) -> str:
    if not price:
        return ""
    return str(int(price * 100))


def account_fits(account: str, bic: str) -> bool:
    """Return whether an account can be one of this bank.

    Its control digit is made with the bank's BIC.

    The Bank of Russia's «Порядок расчёта контрольного ключа в номере лицевого счёта»,
    no. 515 of 8.9.1997.
    """
    return _adds_up(bic[-3:] + account)


def corr_account_fits(corr_account: str, bic: str) -> bool:
    """Return whether a correspondent account can be one of this bank.

    The Bank of Russia keeps it.
    """
    return _adds_up(f"0{bic[4:6]}{corr_account}")


def _adds_up(digits: str) -> bool:
    """Return whether the weighted sum of the digits ends in 0."""
    weighted = zip(map(int, digits), cycle(WEIGHTS), strict=False)
    return sum(digit * weight for digit, weight in weighted) % 10 == 0


def _plain(value: str, limit: int) -> str:
    # «|» parts the fields, so none may stand within one
    return " ".join(value.replace("|", " ").split())[:limit]
