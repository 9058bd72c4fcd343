"""The Markdown parse modes, by the server's rules, with its words for what makes no sense."""

import pytest

from sandbox.telegram.errors import ApiError
from sandbox.telegram.markdown import parse_markdown, parse_markdown_v2
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import YULIA, Talk


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("просто", "просто", []),
        (r"2\.5 \- ж\!", "2.5 - ж!", []),
        ("*ж* _к_", "ж к", [("bold", 0, 1), ("italic", 2, 1)]),
        ("__п__ ~з~ ||с||", "п з с", [("underline", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
        ("*a _b __c___*", "a b c", [("bold", 0, 5), ("italic", 2, 3), ("underline", 4, 1)]),
        ("🔔*ж*", "🔔ж", [("bold", 2, 1)]),
        ("`a*b` ```python\nx = 1\n```", "a*b x = 1\n", [("code", 0, 3), ("pre", 4, 6)]),
        ("[сайт](https://example.com/a_b)", "сайт", [("text_link", 0, 4)]),
        (r"[сайт](https://example.com/a\)b)", "сайт", [("text_link", 0, 4)]),
        ("[Юля](tg://user?id=5)", "Юля", [("text_mention", 0, 3)]),
        ("[нет](нет)", "нет", []),
        ("![👍](tg://emoji?id=5368324170671202286)", "👍", [("custom_emoji", 0, 2)]),
        (">цитата\n>ещё\nтекст", "цитата\nещё\nтекст", [("blockquote", 0, 11)]),
        (">много\n>слов||", "много\nслов", [("expandable_blockquote", 0, 10)]),
        ("**", "", []),
    ],
)
def test_markdown_v2(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    shown, found = parse_markdown_v2(source)
    assert shown == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (f"a{char}b", f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        for char in ").!-=|{}+#>]("
    ]
    + [
        ("ж *б", "Can't find end of Bold entity at byte offset 3"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("__a_", "Can't find end of Italic entity at byte offset 3"),
        ("```python\na", "Can't find end of PreCode entity at byte offset 0"),
        ("[a](https://example.com", "Can't find end of a URL at byte offset 4"),
        ("![a](https://example.com)", "Invalid tg://emoji or tg://time URL specified"),
        ("![a]b", "The entity must contain a tg://emoji or tg://time URL"),
        (">*a\nb", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_bad_markdown_v2_is_refused_in_the_servers_words(source: str, why: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown_v2(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*ж* _к_ `a` 2.5 - !", "ж к a 2.5 - !", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
        (r"\*ж\*", "*ж*", []),
        ("*a _b_*", "a _b_", [("bold", 0, 5)]),
        ("[сайт](https://example.com)", "сайт", [("text_link", 0, 4)]),
        ("```sh\nls\n```", "ls\n", [("pre", 0, 3)]),
    ],
)
def test_markdown(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    shown, found = parse_markdown(source)
    assert shown == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


def test_bad_markdown_names_where_it_begins() -> None:
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 3"):
        parse_markdown("ж *б")


def test_a_hostile_text_is_read_in_linear_time() -> None:
    for piece in ("*", "[a](", "||", "```", ">\n", "\\", "![", "__*"):
        for parse in (parse_markdown, parse_markdown_v2):
            try:
                parse(piece * 4096)
            except ApiError:
                continue


def test_both_modes_reach_the_message(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).started()
    message = talk.send("*Заявка №7* принята\\.", parse_mode="MarkdownV2")
    assert (message["text"], message["entities"]) == (
        "Заявка №7 принята.",
        [{"offset": 0, "length": 9, "type": "bold"}],
    )
    assert talk.bot("sendMessage", chat_id=YULIA, text="*ж*", parse_mode="Markdown")["text"] == "ж"
