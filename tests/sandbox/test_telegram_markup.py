"""HTML, found entities, reply markup: what becomes of a text."""

from typing import Any

import pytest

from sandbox.telegram.entities import cleaned, found_entities
from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import checked_url, parse_html


def found(text: str) -> list[tuple[str, str]]:
    """Kinds and the pieces of the (BMP-only) text they cover."""
    return [
        (e["type"], text[e["offset"] : e["offset"] + e["length"]])
        for e in sorted(found_entities(text, []), key=lambda e: e["offset"])
    ]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("просто", "просто", []),
        ("<b>Заказ</b> #1", "Заказ #1", [("bold", 0, 5)]),
        ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd",
         [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy",
         [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<B>x</B >", "x", [("bold", 0, 1)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<b></b>пусто", "пусто", []),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("🔧<b>x</b>", "🔧x", [("bold", 2, 1)]),
        ("<blockquote expandable>x</blockquote><blockquote>y</blockquote>", "xy",
         [("expandable_blockquote", 0, 1), ("blockquote", 1, 1)]),
        ("1 &lt; 2 &amp;&amp; &quot;x&quot; &#1046;&#x416;", '1 < 2 && "x" ЖЖ', []),
        ("&nbsp;&copy; R&D", "&nbsp;&copy; R&D", []),
        ("a > b", "a > b", []),
        ("<a>нет ссылки</a>", "нет ссылки", []),
    ],
)  # fmt: skip
def test_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    got_text, got = parse_html(source)
    assert got_text == text
    assert [(e["type"], e["offset"], e["length"]) for e in got] == entities


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ('<a href="https://app.balt-set.ru/x?a=1&amp;b=2">x</a>',
         {"type": "text_link", "url": "https://app.balt-set.ru/x?a=1&b=2"}),
        ("<a href='balt-set.ru'>x</a>", {"type": "text_link", "url": "http://balt-set.ru/"}),
        ('<pre><code class="language-python">x</code></pre>', {"type": "pre", "language": "python"}),
        ('<code class="language-python">x</code>', {"type": "code"}),
        ('<a href="tg://user?id=5">x</a>', {"type": "text_mention", "user_id": 5}),
    ],
)  # fmt: skip
def test_html_with_attributes(source: str, entity: dict[str, Any]) -> None:
    text, got = parse_html(source)
    assert text == "x"
    assert got == [{"offset": 0, "length": 1, **entity}]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("Ж<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("1 <2 > 1", 'Unsupported start tag "2" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=>x</a>", None),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b hidden>x</b>",
         'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0'),
    ],
)  # fmt: skip
def test_bad_html_is_refused_in_the_servers_words(source: str, why: str | None) -> None:
    if why is None:
        assert parse_html(source) == ("x", [])
        return
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start ref_5", [("bot_command", "/start")]),
        ("/start@naryad_99_bot x", [("bot_command", "/start@naryad_99_bot")]),
        ("и/или 1/2 /да", []),
        ("позвоните +7 900 123-45-67 завтра", [("phone_number", "+7 900 123-45-67")]),
        ("8(900)123-45-67", [("phone_number", "8(900)123-45-67")]),
        ("2000 рублей в 14:29", []),
        ("см. https://balt-set.ru/a?b=1.", [("url", "https://balt-set.ru/a?b=1")]),
        ("сайт balt-set.ru", [("url", "balt-set.ru")]),
        ("пишите @yulia_k или yulia@mail.ru", [("mention", "@yulia_k"), ("email", "yulia@mail.ru")]),
        ("#срочно #123", [("hashtag", "#срочно")]),
    ],
)
def test_entities_found_in_what_people_say(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities


def test_offsets_count_utf16_units() -> None:
    assert found_entities("🔧 /x", []) == [{"offset": 3, "length": 2, "type": "bot_command"}]


def test_nothing_is_found_inside_code() -> None:
    code = {"offset": 0, "length": 6, "type": "code"}
    assert found_entities("/start", [code]) == []


def test_text_is_trimmed_and_its_entities_move_along() -> None:
    bold = {"offset": 2, "length": 5, "type": "bold"}
    assert cleaned("  Заказ\x00  ", [bold]) == ("Заказ", [{"offset": 0, "length": 5, "type": "bold"}])
    assert cleaned("a\r\nb\x07c", []) == ("a\nb c", [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://127.0.0.1:8000/track", "http://127.0.0.1:8000/track"),
        ("balt-set.ru:8000", "http://balt-set.ru:8000/"),
        ("http://localhost:8000/", ""),
        ("javascript:alert(1)", ""),
        ("ftp://balt-set.ru", ""),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
    ],
)
def test_urls(given: str, kept: str) -> None:
    assert checked_url(given) == kept
