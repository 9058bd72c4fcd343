"""Draws docs/pictures/таблица.png: orders in the sandbox, coloured by `worker init`.

Google can't be photographed here, so the worksheet is drawn from what the Sheets API
answers: values, formats and conditional formats. Columns that the guide does not speak
of are left out, as if hidden.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from gspread.utils import a1_range_to_grid_range

from record.sheet import column_letters
from tests.harness.processes import ROOT
from tests.harness.system import System, wait_for
from tests.web.browser import chromium

Json = dict[str, Any]
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
        system = System(Path(folder))
        try:
            os.environ |= system.env
            subprocess.run([sys.executable, "-m", "sandbox.demo"], cwd=ROOT, check=True)
            system.start("worker")
            for row in TYPED:
                _type(system, dict(row))
            wait_for(
                lambda: system.order(Имя="Павел").get("Проверка"), "an explanation"
            )
            page = _page(system.staff().fetch_sheet_metadata({"fields": FIELDS}))
        finally:
            system.close()
    _shoot(page)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB")


def _type(system: System, row: dict[str, Any]) -> None:
    status, master = row.pop("Потом", ""), row.pop("Мастер", "")
    # an apostrophe keeps a phone from being read as a number
    typed = {**row, "Телефон": f"'{row['Телефон']}"}
    system.type_row("Заявки", **typed)
    if status:
        order_id = wait_for(lambda: system.order(Имя=row["Имя"]).get("ID"), "an ID")
        system.type_cell(order_id, "Мастер", master)
        system.type_cell(order_id, "Статус", status)


def _page(answer: Mapping[str, Any]) -> str:
    titled = {one["properties"]["title"]: one for one in answer["sheets"]}
    table = _Table(titled["Заявки"])
    columns, top = "", "<th></th>"
    for width in (34, *table.widths):
        columns += f'<col style="width:{width}px">'
    for place in table.places:
        top += f"<th>{column_letters(place)}</th>"
    lines = f"<tr>{top}</tr>"
    for number, row in enumerate(table.rows, start=1):
        cells = "".join(table.cell(row, number, place) for place in table.places)
        lines += f"<tr><th>{number}</th>{cells}</tr>"
    width = sum(table.widths) + 34
    drawn = f'<table style="width:{width}px">{columns}{lines}</table>'
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{drawn}"


class _Table:
    """«Заявки» as the Sheets API answers it."""

    def __init__(self, sheet: Json) -> None:
        data = sheet["data"][0]
        self.rows = [_cells(row) for row in data["rowData"] if _is_shown(row)]
        self._names = [cell.get("formattedValue", "") for cell in self.rows[0]]
        self.places = [self._names.index(name) for name in SHOWN]
        metadata = data["columnMetadata"]
        self.widths = [metadata[place]["pixelSize"] for place in self.places]
        self._rules = sheet["conditionalFormats"]

    def cell(self, row: list[Json], number: int, place: int) -> str:
        """Return a cell of a row as HTML; the first row holds the headers."""
        cell = row[place] if place < len(row) else {}
        form = cell.get("userEnteredFormat", {})
        kinds = ["head"]
        if number > 1:
            form = {**form, **self._conditional(row, place)}
            kinds = list(_kinds(cell))
        text = escape(cell.get("formattedValue", ""))
        return f'<td class="{" ".join(kinds)}" style="{_css(form)}">{text}</td>'

    def _conditional(self, row: list[Json], place: int) -> Json:
        """Return the format of the first rule that covers the cell and holds."""
        for rule in self._rules:
            if self._covers(rule, place) and self._holds(rule, row):
                return dict(rule["booleanRule"]["format"])
        return {}

    def _covers(self, rule: Json, place: int) -> bool:
        for part in rule["ranges"]:
            end = part.get("endColumnIndex", len(self._names) + 1)
            if part.get("startColumnIndex", 0) <= place < end:
                return True
        return False

    def _holds(self, rule: Json, row: list[Json]) -> bool:
        """Return whether a rule holds; only formulas of ours are known."""
        values = rule["booleanRule"]["condition"]["values"]
        asked = values[0]["userEnteredValue"]
        found = re.fullmatch(r'=(?:LEN\()?TRIM\(\$([A-Z]+)2\)(?:\)>0|="(.*)")', asked)
        if found is None:
            raise ValueError(asked)
        letters, status = found.groups()
        column = a1_range_to_grid_range(letters)["startColumnIndex"]
        value = ""
        if column < len(row):
            value = row[column].get("formattedValue", "").strip()
        if status is None:
            return bool(value)
        return bool(value == status)


def _cells(row: Json) -> list[Json]:
    cells: list[Json] = row.get("values", [])
    return cells


def _is_shown(row: Json) -> bool:
    return any("formattedValue" in cell for cell in _cells(row))


def _kinds(cell: Json) -> Iterator[str]:
    if cell.get("dataValidation", {}).get("showCustomUi"):
        yield "drop"
    if "numberValue" in cell.get("userEnteredValue", {}):
        yield "right"


def _css(form: Json) -> str:
    text = form.get("textFormat", {})
    lines = {
        "background": _colour(form.get("backgroundColorStyle")),
        "color": _colour(text.get("foregroundColorStyle")),
        "font-weight": "700" if text.get("bold") else "",
        "text-decoration": "line-through" if text.get("strikethrough") else "",
    }
    return ";".join(f"{name}:{value}" for name, value in lines.items() if value)


def _colour(style: Json | None) -> str:
    if not style:
        return ""
    # Google leaves a channel of 0 out
    shares = [style["rgbColor"].get(name, 0) for name in ("red", "green", "blue")]
    channels = [str(round(share * 255)) for share in shares]
    return f"rgb({','.join(channels)})"


def _shoot(page: str) -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1800, "height": 600})
        tab.set_content(page)
        tab.locator("table").screenshot(path=PICTURE)
