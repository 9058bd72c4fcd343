"""The order form: what a browser sent in, an order or friendly explanations out. Pure."""

# Why not the forms of Flask-WTF: what is read here (phones, sums, dates as people type
# them) is read by record/values for the bots and the sheet too, and answers in Russian.
# Flask-WTF guards the forms against forgery only.

import hashlib
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from record import consent, values
from record.actions.client_acts import Draft
from record.values.phones import EXAMPLE
from record.values.wording import phone as shown_phone

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
    """An order form as typed (``values``) and what is wrong with it (``errors``)."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    phone_said: str = ""
    token: str = ""

    @property
    def first_error(self) -> str:
        """The field to put the cursor into."""
        # MISSING lists the fields in the order in which the form shows them
        for name in MISSING:
            if name in self.errors:
                return name
        return ""

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
            # what its client agreed to can be shown later
            consent=consent.VERSION,
        )

    def digest(self, visitor: str) -> str:
        """Return what these very words of this visitor are known by."""
        typed = [self.values[name] for name in sorted(LIMITS)]
        return hashlib.sha256("\0".join([visitor, *typed]).encode()).hexdigest()


def read_order_form(
    sent: Mapping[str, str], region: str, optional: Container[str] = ()
) -> OrderForm:
    """Return the form as sent; what is missing or unclear is in ``errors``."""
    typed = _typed(sent)
    errors = _missing(typed, optional)
    phone = ""
    if typed["phone"]:
        try:
            phone = values.phone(typed["phone"], region) or ""
        except values.Unclear as unclear:
            errors["phone"] = phone_error(unclear)
    # a master needs what was written beside the number too: «после шести»
    said = values.phone_words(typed["phone"], region)
    token = clean(sent.get("form_token", ""), 80)
    return OrderForm(typed, errors, phone, said, token)


def phone_error(unclear: values.Unclear) -> str:
    """Return what is wrong with a phone, with the example as people read it."""
    # in one piece it is for a cell, where +7 900 … would be taken for a formula
    return str(unclear).replace(EXAMPLE, shown_phone(EXAMPLE))


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    typed = {}
    for name, limit in LIMITS.items():
        typed[name] = clean(sent.get(name, ""), limit, lines=name in MULTILINE)
    ticked = sent.get("consent", "").strip().casefold()
    typed["consent"] = "yes"
    if ticked in NO:
        typed["consent"] = ""
    return typed


def _missing(typed: Mapping[str, str], optional: Container[str]) -> dict[str, str]:
    return {
        name: message
        for name, message in MISSING.items()
        if not typed[name] and name not in optional
    }


def trapped(sent: Mapping[str, str]) -> bool:
    """Return whether something filled in the field that people can't see."""
    return bool(sent.get(TRAP, "").strip())


def clean(text: str, limit: int, *, lines: bool = False) -> str:
    """Return the text without control characters and needless spaces.

    Browsers stop people at the limit; only what comes past them is cut, with a sign.
    """
    # PostgreSQL takes NUL in no text; browsers send lines as CR LF
    plain = _without_controls(text.replace("\r\n", "\n").replace("\x00", ""))
    kept = [" ".join(line.split()) for line in plain.split("\n")]
    whole = " ".join(" ".join(kept).split())
    if lines:
        whole = "\n".join(kept).strip()
    if not _has_visible(whole):
        return ""
    if len(whole) > limit:
        return whole[: limit - 1].rstrip() + "…"
    return whole


def _without_controls(text: str) -> str:
    plain = []
    for mark in text:
        is_control = unicodedata.category(mark) in {"Cc", "Cs"}
        if is_control and mark != "\n":
            plain.append(" ")
        else:
            plain.append(mark)
    return "".join(plain)


def _has_visible(text: str) -> bool:
    """Return whether there is more in a text than spaces and invisible marks."""
    return any(unicodedata.category(mark)[0] not in "CZ" for mark in text)
