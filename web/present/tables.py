"""Orders as tables for Excel: XLSX and CSV.

They are made row by row, so that 50,000 orders need no more memory than one.

A text that begins as a formula does, whatever stands unseen before it, gets an
apostrophe, in both: a file that was harmless as XLSX is often saved as CSV later, and
opened again. In CSV all cells stand in quotes, so that one is no more than one cell for
programs that divide them by commas.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import xlsxwriter

from record.dispatch.model import Order, Roster
from record.values import first_seen
from record.values.sources import SOURCES
from record.values.wording import plain

Value = str | int | Decimal | datetime | None
FORMULA = frozenset("=+-@|%\N{MINUS SIGN}")  # in their full width too
PART = 64 * 1024
CELL = 32_000  # Excel takes 32,767 characters


def _id(order: Order, _roster: Roster) -> Value:
    # Excel keeps fifteen digits of a number; a longer one stays what it is as text
    if order.id.isdecimal() and len(order.id) < 16:
        return int(order.id)
    return order.id


def _status(order: Order, _roster: Roster) -> Value:
    return order.status.value if order.status else ""


def _master(order: Order, roster: Roster) -> Value:
    master = roster.get(order.master_id)
    if master is None:
        return order.master
    return roster.label(master)


# title, width in characters, what stands in a row
COLUMNS: tuple[tuple[str, int, Callable[[Order, Roster], Value]], ...] = (
    ("ID", 9, _id),
    ("Дата", 16, lambda order, _: order.created),
    ("Источник", 12, lambda order, _: SOURCES.get(order.source, order.source)),
    ("Имя", 20, lambda order, _: order.name),
    # a plus is how a formula begins
    ("Телефон", 15, lambda order, _: order.phone.removeprefix("+")),
    ("Категория", 14, lambda order, _: order.category),
    ("Проблема", 44, lambda order, _: order.problem),
    ("Адрес", 36, lambda order, _: order.address),
    ("Статус", 12, _status),
    ("Мастер", 22, _master),
    ("Цена", 11, lambda order, _: order.price),
    ("Комиссия", 11, lambda order, _: order.commission),
    ("Дата выполнения", 16, lambda order, _: order.done),
    ("Комментарий", 36, lambda order, _: order.comment),
    ("Проверка", 36, lambda order, _: order.check),
)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    # XML knows no control characters, so one of them would break the whole file
    plain = "".join(mark for mark in text if mark >= " " or mark in "\n\t")
    begins_as_formula = first_seen(plain) in FORMULA
    begins_unseen = plain[:1] in {"\n", "\t"}
    if begins_as_formula or begins_unseen:
        plain = f"'{plain}"
    return plain[:CELL]


def csv_parts(orders: Iterable[Order], roster: Roster) -> Iterator[bytes]:
    """Yield a CSV file as Russian Excel opens it by a double click.

    That is: UTF-8 with a BOM, semicolons, decimal commas.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL
    )
    out.write("\ufeff")
    writer.writerow([title for title, _, _ in COLUMNS])
    for order in orders:
        writer.writerow([_plain(read(order, roster)) for _, _, read in COLUMNS])
        if out.tell() > PART:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _plain(value: Value) -> str | int:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case Decimal():
            return plain(value)
        case str():
            return harmless(value)
        case _:
            return value


def xlsx_parts(orders: Iterable[Order], roster: Roster) -> Iterator[bytes]:
    """Yield an XLSX file with numbers as numbers and dates as dates."""
    # a ZIP file's list of contents stands at its end, so it can't be sent as it grows
    with tempfile.TemporaryFile() as file:
        _write_book(file, orders, roster)
        file.seek(0)
        while part := file.read(PART):
            yield part


def _write_book(file: io.IOBase, orders: Iterable[Order], roster: Roster) -> None:
    options = {
        "constant_memory": True,  # rows are written in order, and then forgotten
        # what a person typed is data, whatever it looks like
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "use_zip64": True,
    }
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet("Заявки")
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    money = book.add_format({"num_format": "# ##0.##"})
    sheet.freeze_panes(1, 0)
    for place, (title, width, _) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, bold)
    row = 0
    for row, order in enumerate(orders, start=1):
        for place, (_, _, read) in enumerate(COLUMNS):
            match read(order, roster):
                case None | "":
                    continue
                # Excel knows no day before 1900
                case datetime() as when if when.year >= 1900:
                    sheet.write_datetime(row, place, when, day)
                case datetime() as when:
                    sheet.write_string(row, place, f"{when:%d.%m.%Y}")
                case Decimal() as price:
                    sheet.write_number(row, place, float(price), money)
                case int() as number:
                    sheet.write_number(row, place, number)
                case str() as text:
                    sheet.write_string(row, place, harmless(text))
    sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
    book.close()
