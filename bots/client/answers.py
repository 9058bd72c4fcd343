"""Whether what a client did answers the question of a step, or asks to be forgotten. Pure."""

import re
from collections.abc import Callable
from typing import NamedTuple

from bots.client.texts import Shop
from bots.incoming import Incoming
from bots.small_talk import WORD
from record.values import Unclear, phone_words
from record.values import phone as read_phone
from record.values.comparing import normal
from record.values.wording import SHOWN_PLACE

LIMITS = {"problem": (3, 2000), "address": (4, 200), "name": (2, 60)}
# where a question is no answer: nobody is called «где мастер?»
NO_QUESTIONS = frozenset({"address", "name"})
# «Удалить мои данные», the menu's words, and how else people say it
FORGET = re.compile(
    r"(?:(?:прошу|хочу|пожалуйста|здравствуйте|вас|можно) )*"
    r"(?:удали(?:те|ть)?|сотри(?:те)?|стереть|уберите|забудьте) (?:все )?мои (?:личные |персональные )?данные"
    r"(?: пожалуйста)?"
)


class Answer(NamedTuple):
    """An answer, and what is wrong with it, "" for nothing: a key of texts.WRONG."""

    value: str
    wrong: str


Check = Callable[[Incoming, Shop], Answer]


def asks_to_be_forgotten(said: Incoming) -> bool:
    """Return whether somebody wants what we know of him erased, at whatever step."""
    words = " ".join(WORD.findall(normal(said.text)))
    return said.command == "forget" or bool(FORGET.fullmatch(words))


def _text(step_: str) -> Check:
    def check(said: Incoming, _shop: Shop) -> Answer:
        if said.kind != "text":
            return Answer("", "other")
        return Answer(said.text, wrong_text(step_, said.text))

    return check


def wrong_text(step_: str, text: str) -> str:
    """Return what is wrong with a text as the answer of a step, "" for nothing."""
    shortest, longest = LIMITS[step_]
    if not re.search(r"[^\W\d_]", text):
        return f"{step_}_wordless"
    if len(text) < shortest:
        return f"{step_}_short"
    if len(text) > longest:
        return f"{step_}_long"
    if step_ in NO_QUESTIONS and text.endswith("?"):
        return "question"
    return ""


def _address(said: Incoming, shop: Shop) -> Answer:
    if place := place_of(said):
        return Answer(place, "")
    return _text("address")(said, shop)


def place_of(said: Incoming) -> str:
    """Return a place that was sent from the map as it stands in «Адрес», "" for none."""
    if not said.detail:
        return ""
    match said.sort:
        case "location":
            return f"{SHOWN_PLACE}: {said.detail}"
        case "venue":
            return said.detail
        case _:
            return ""


def _phone(said: Incoming, shop: Shop) -> Answer:
    return Answer(*parsed_phone(said, shop.region))


def parsed_phone(said: Incoming, region: str) -> tuple[str, str]:
    """Return the phone in E.164 form, and what is wrong with it.

    Wrong is "phone_other" (somebody else's), "other" (no text at all), "phone" (no phone
    can be read), or "" for nothing.
    """
    if said.kind == "contact" and not said.own_phone:
        return "", "phone_other"
    if said.kind == "other":
        return "", "other"
    for written in _spellings(said):
        try:
            return read_phone(written, region) or "", ""
        except Unclear:
            continue
    return "", "phone"


def _spellings(said: Incoming) -> tuple[str, ...]:
    """Return as what a phone may be read.

    Telegram shares one with its + or without; a national number is none with a +.
    """
    shared = said.phone.lstrip("+")
    if shared:
        return f"+{shared}", shared
    return (said.text,)


def words_of_phone(said: Incoming, region: str) -> str:
    """Return what was typed as a phone, where it says more than the number."""
    if said.kind != "text":
        return ""
    return phone_words(said.text, region)


CHECKS: dict[str, Check] = {
    "problem": _text("problem"),
    "address": _address,
    "name": _text("name"),
    "phone": _phone,
}
