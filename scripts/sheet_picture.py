"""Draws docs/pictures/таблица.png for `make pictures`: orders in the sandbox, coloured
as `worker init` does.

Google can't be photographed here, so the worksheet is drawn from what the Sheets API
answers: values, formats and conditional formats. Columns that the guide does not speak
of are left out, as if hidden.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from record.sheet import column_letters
from tests.born import ROOT
from tests.house import House, wait_for
from tests.web.browser import chromium

PICTURE = ROOT / "docs" / "pictures" / "таблица.png"
SHOWN = (
    "ID",
    "Дата",
    "Имя",
    "Телефон",
    "Проблема",
    "Адрес",
    "Статус",
    "Мастер",
    "Цена",
    "Комиссия",
    "Проверка",
)
FIELDS = (
    "sheets(properties.title,conditionalFormats,data(columnMetadata,rowData.values))"
)
TYPED: tuple[dict[str, Any], ...] = (
    {"Имя": "Елена", "Телефон": "8 911 456-78-06", "Проблема": "Выбивает автомат, когда включаю духовку",
     "Адрес": "Невского 47, кв. 12", "Статус": "Новая", "Мастер": "Иван Петров", "Потом": "В работе"},
    {"Имя": "Юля", "Телефон": "+7 (900) 123-45-67", "Проблема": "Не работает розетка в детской",
     "Адрес": "Мира 5", "Статус": "Новая"},
    {"Имя": "Павел", "Телефон": "911 45", "Проблема": "Повесить люстру", "Адрес": "Багратиона 8"},
)  # fmt: skip
STYLE = """
body { margin: 0; background: #fff; font: 14px/1.35 "Liberation Sans", Arial, sans-serif; }
table { border-collapse: collapse; table-layout: fixed; }
td, th { border: 1px solid #d9dcda; padding: 4px 6px; vertical-align: middle; text-align: left; }
td { overflow-wrap: anywhere; }
th { background: #f8f9fa; color: #5f6368; font-weight: 400; text-align: center; padding: 2px; font-size: 12px; }
.head { position: relative; padding-right: 22px; }
.head::before { content: ""; position: absolute; top: 0; right: 0; border: 4px solid;
  border-color: #444 #444 transparent transparent; }
.head::after { content: "≡"; position: absolute; right: 6px; bottom: 2px; color: #5f6368; }
.drop::after { content: "▾"; float: right; color: #5f6368; }
.right { text-align: right; }
"""


def draw_sheet() -> None:
    """Fill a sandbox, draw its «Заявки», end."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            os.environ |= house.env
            subprocess.run([sys.executable, "-m", "sandbox.demo"], cwd=ROOT, check=True)
            house.start("worker")
            for row in TYPED:
                _type(house, dict(row))
            wait_for(lambda: house.order(Имя="Павел").get("Проверка"), "an explanation")
            page = _page(house.staff().fetch_sheet_metadata({"fields": FIELDS}))
        finally:
            house.close()
    _shoot(page)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB")


def _type(house: House, row: dict[str, Any]) -> None:
    status, master = row.pop("Потом", ""), row.pop("Мастер", "")
    house.type_row(
        "Заявки",
        **{
            name: f"'{cell}" if name == "Телефон" else cell
            for name, cell in row.items()
        },
    )
    if status:
        order_id = wait_for(lambda: house.order(Имя=row["Имя"]).get("ID"), "an ID")
        house.type_cell(order_id, "Мастер", master)
        house.type_cell(order_id, "Статус", status)


def _page(answer: Mapping[str, Any]) -> str:
    sheet = next(
        one for one in answer["sheets"] if one["properties"]["title"] == "Заявки"
    )
    data = sheet["data"][0]
    rows = [row.get("values", []) for row in data["rowData"]]
    rows = [row for row in rows if any("formattedValue" in cell for cell in row)]
    names = [cell.get("formattedValue", "") for cell in rows[0]]
    places = [names.index(name) for name in SHOWN]
    widths = [data["columnMetadata"][place]["pixelSize"] for place in places]
    columns = "".join(f'<col style="width:{width}px">' for width in (34, *widths))
    top = "".join(f"<th>{column_letters(place)}</th>" for place in places)
    lines = [
        f"<tr><th>{number}</th>{''.join(_cell(sheet, names, row, number, place) for place in places)}</tr>"
        for number, row in enumerate(rows, start=1)
    ]
    table = f'<table style="width:{sum(widths) + 34}px">{columns}<tr><th></th>{top}</tr>{"".join(lines)}</table>'
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{table}"


def _cell(
    sheet: dict[str, Any],
    names: list[str],
    row: list[dict[str, Any]],
    number: int,
    place: int,
) -> str:
    cell = row[place] if place < len(row) else {}
    form = cell.get("userEnteredFormat", {})
    if number > 1:
        form = {**form, **_conditional(sheet, names, row, place)}
    drop = cell.get("dataValidation", {}).get("showCustomUi") and number > 1
    right = number > 1 and "numberValue" in cell.get("userEnteredValue", {})
    kinds = [
        kind
        for kind, on in (("head", number == 1), ("drop", drop), ("right", right))
        if on
    ]
    return f'<td class="{" ".join(kinds)}" style="{_css(form)}">{escape(cell.get("formattedValue", ""))}</td>'


def _conditional(
    sheet: dict[str, Any], names: list[str], row: list[dict[str, Any]], place: int
) -> dict[str, Any]:
    """Return the format of the first rule that covers the cell and holds; knows the
    formulas of ours only.
    """
    for rule in sheet["conditionalFormats"]:
        asked = rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        found = re.fullmatch(r'=(?:LEN\()?TRIM\(\$([A-Z]+)2\)(?:\)>0|="(.*)")', asked)
        if found is None:
            raise ValueError(asked)
        column = next(
            index for index in range(len(names)) if column_letters(index) == found[1]
        )
        value = (
            row[column].get("formattedValue", "").strip() if column < len(row) else ""
        )
        covered = any(
            part.get("startColumnIndex", 0)
            <= place
            < part.get("endColumnIndex", len(names) + 1)
            for part in rule["ranges"]
        )
        if covered and (value == found[2] if found[2] is not None else bool(value)):
            return dict(rule["booleanRule"]["format"])
    return {}


def _css(form: dict[str, Any]) -> str:
    text = form.get("textFormat", {})
    lines = [
        ("background", _colour(form.get("backgroundColorStyle"))),
        ("color", _colour(text.get("foregroundColorStyle"))),
        ("font-weight", "700" if text.get("bold") else ""),
        ("text-decoration", "line-through" if text.get("strikethrough") else ""),
    ]
    return ";".join(f"{name}:{value}" for name, value in lines if value)


def _colour(style: dict[str, Any] | None) -> str:
    if not style:
        return ""
    return "rgb({})".format(
        ",".join(
            str(round(style["rgbColor"].get(c, 0) * 255))
            for c in ("red", "green", "blue")
        )
    )


def _shoot(page: str) -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1800, "height": 600})
        tab.set_content(page)
        tab.locator("table").screenshot(path=PICTURE)
