"""The order form: what a browser sent in, an order or friendly explanations out. Pure."""

import hashlib
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from record import values
from record.actions.orders import Draft
from web.forms.consent import CONSENT_VERSION

LIMITS = {"problem": 2000, "category": 60, "address": 300, "name": 100, "phone": 120}
MULTILINE = frozenset({"problem"})
MISSING = {
    "problem": "Напишите в двух словах, что случилось",
    "address": "Укажите адрес, чтобы мастер знал, куда ехать",
    "name": "Напишите, как к вам обращаться",
    "phone": "Оставьте телефон, чтобы мастер мог позвонить",
    "consent": "Без согласия мы не можем принять заявку: отметьте, пожалуйста",
}
NO = frozenset({"", "0", "false", "off", "no", "нет"})
# a field no person sees; a name that no browser fills in by itself
TRAP = "company_site"
TRAPPED = "Похоже, форму заполнила программа. Если вы человек, просто отправьте её ещё раз или позвоните нам."


@dataclass(frozen=True)
class OrderForm:
    """An order form as typed (``values``) and what is wrong with it (``errors``), by
    field.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    phone_said: str = ""
    token: str = ""

    @property
    def first_error(self) -> str:
        """The field to put the cursor into."""
        return next((name for name in MISSING if name in self.errors), "")

    def draft(self) -> Draft:
        """Return the order that this form makes."""
        typed = self.values
        return Draft(
            typed["name"],
            self.phone,
            typed["address"],
            typed["problem"],
            typed["category"],
            phone_said=self.phone_said,
            consent=CONSENT_VERSION,
        )

    def once(self, visitor: str) -> str:
        """Return what this very form of this visitor is known by; typed otherwise, it
        is another order.
        """
        parts = [visitor, self.token, *(self.values[name] for name in sorted(LIMITS))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_order_form(
    sent: Mapping[str, str], region: str, optional: Container[str] = ()
) -> OrderForm:
    """Return the form as sent; what is missing or unclear is in ``errors``, never
    raised.
    """
    typed = {
        name: clean(sent.get(name, ""), limit, lines=name in MULTILINE)
        for name, limit in LIMITS.items()
    }
    typed["consent"] = "" if sent.get("consent", "").strip().casefold() in NO else "yes"
    errors = {
        name: message
        for name, message in MISSING.items()
        if not typed[name] and name not in optional
    }
    phone = ""
    if typed["phone"]:
        try:
            phone = values.phone(typed["phone"], region) or ""
        except values.Unclear as unclear:
            errors["phone"] = str(unclear)
    said = values.phone_words(typed["phone"], region)
    return OrderForm(typed, errors, phone, said, clean(sent.get("form_token", ""), 80))


def trapped(sent: Mapping[str, str]) -> bool:
    """Say whether something filled in the field that people can't see."""
    return bool(sent.get(TRAP, "").strip())


def clean(text: str, limit: int, *, lines: bool = False) -> str:
    """Return the text without control characters and needless spaces, cut with a sign
    at ``limit``.

    Browsers stop people at the limit; only what comes past them is cut.
    """
    plain = "".join(
        mark if _printable(mark) else " "
        for mark in text.replace("\r\n", "\n").replace("\x00", "")
    )
    kept = [" ".join(line.split()) for line in plain.split("\n")]
    whole = "\n".join(kept).strip() if lines else " ".join(" ".join(kept).split())
    if not any(unicodedata.category(mark)[0] not in "CZ" for mark in whole):
        return ""
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def _printable(mark: str) -> bool:
    return mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cs"}
