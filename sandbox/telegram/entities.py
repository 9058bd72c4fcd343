"""What Telegram finds by itself in a text.

https://core.telegram.org/bots/api#messageentity
"""

import itertools
import re

from .errors import bad_request
from .markdown import parse_markdown, parse_markdown_v2
from .markup import parse_html, utf16_length
from .model import Json
from .params import Params
from .state import State

_FOUND = (
    (
        "bot_command",
        re.compile(
            r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"
        ),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:https?://[^\s<>\"]+|(?:[\w-]+\.)+(?:ru|рф|com|org|net|me|io|su)(?![\w])(?:/[^\s<>\"]*)?)",
            re.IGNORECASE,
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w])")),
    ("phone_number", re.compile(r"(?<![\w+])(?:\+\d|8)(?:[ ()-]{0,2}\d){9,13}(?!\w)")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}(?![\w@])", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
# what a bot may mark by itself; all else is found in the text
_GIVEN = {
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
    *("blockquote", "expandable_blockquote", "text_link", "text_mention"),
    "custom_emoji",
}
_TRAILING = ".,:;!?)'"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_MARKED = {"code", "pre", "text_link"}


def found_entities(text: str, marked: list[Json]) -> list[Json]:
    """Commands, links, addresses, phones, mentions and hashtags.

    Outside of code and of links that are marked already.
    """
    taken = [
        (e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] in _MARKED
    ]
    result: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            shown = match[0].rstrip(_TRAILING) if kind == "url" else match[0]
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(shown)
            if any(start < to and since < end for since, to in taken):
                continue
            taken.append((start, end))
            result.append({"offset": start, "length": end - start, "type": kind})
    return result


def formatted(
    state: State,
    params: Params,
    text_name: str = "text",
    entities_name: str = "entities",
) -> tuple[str, list[Json]]:
    """The text argument as the real server stores it: resolved, trimmed, searched.

    https://core.telegram.org/bots/api#formatting-options
    """
    source = params.text(text_name)
    if len(source.encode()) > 1 << 15:
        raise bad_request("text is too long")
    text, marked = _parsed(params, source, entities_name)
    text, marked = cleaned(text, marked)
    marked = [entity for entity in marked if _resolve_mention(state, entity)]
    everything = sorted(
        marked + found_entities(text, marked),
        key=lambda entity: (entity["offset"], -entity["length"]),
    )
    return text, everything


def _parsed(params: Params, source: str, entities_name: str) -> tuple[str, list[Json]]:
    mode = params.text("parse_mode").strip().lower()
    if mode == "html":
        return parse_html(source)
    if mode == "markdownv2":
        return parse_markdown_v2(source)
    if mode == "markdown":
        return parse_markdown(source)
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    given = params.json(entities_name, "entities")
    if not isinstance(given, list):
        return source, []
    entities = [_given(entity) for entity in given]
    kept = [entity for entity in entities if entity["type"] in _GIVEN]
    _check_places(kept, source)
    return source, kept


def _given(entity: object) -> Json:
    """An entity that a bot marks by itself."""
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length", "type"):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
    mentioned = entity.get("user")
    if isinstance(mentioned, dict):
        return {**entity, "user_id": int(mentioned["id"])}
    return dict(entity)


def _check_places(entities: list[Json], text: str) -> None:
    """Refuse what begins or ends beyond the text, or within a character.

    Places are counted in UTF-16, in which an emoji takes two.
    """
    lengths = (utf16_length(char) for char in text)
    places = list(itertools.accumulate(lengths, initial=0))
    starts, end_of_text = set(places), places[-1]
    for entity in sorted(entities, key=lambda entity: int(entity["offset"])):
        start = int(entity["offset"])
        end = start + int(entity["length"])
        if start > end_of_text:
            raise bad_request(
                f"entity begins after the end of the text at UTF-16 offset {start}"
            )
        if start not in starts:
            raise bad_request("entity begins in a middle of a UTF-16 symbol")
        if end > end_of_text:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
        if end not in starts:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol"
            )


def cleaned(text: str, marked: list[Json]) -> tuple[str, list[Json]]:
    """Return a text without control characters and trimmed, entities moved along."""
    if not marked:
        return _CONTROL.sub(" ", text.replace("\r", "")).strip(), []
    text = _CONTROL.sub(" ", text)
    skipped = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    kept = []
    for entity in marked:
        start = max(entity["offset"] - skipped, 0)
        end = min(entity["offset"] + entity["length"] - skipped, length)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def _resolve_mention(state: State, entity: Json) -> bool:
    """Name the user of a `tg://user?id=` link; a stranger's is dropped."""
    if entity["type"] != "text_mention":
        return True
    person = state.people.get(entity.pop("user_id", 0))
    if person is not None:
        entity["user"] = person.user()
    return person is not None
