"""What people type into cells: a cell in, a value or a friendly explanation out.

Pure. A cell is what the Sheets API gives with UNFORMATTED_VALUE and SERIAL_NUMBER: text, number or boolean.
A reader returns the value, ``None`` for an empty cell, or raises :class:`Unclear` with a Russian sentence. What is
certain is taken as meant; what is only likely is explained, with the likeliest meaning as the example.
"""

from record.values.cells import (
    Cell,
    Trouble,
    Unclear,
    attempt,
    cut,
    is_empty,
    nothing,
    number,
    text,
)
from record.values.dates import from_serial, moment, to_serial
from record.values.money import in_cell, money, percent
from record.values.names import Categories, nearest
from record.values.phones import phone
from record.values.words import Status, flag, status

__all__ = [
    "Categories",
    "Cell",
    "Status",
    "Trouble",
    "Unclear",
    "attempt",
    "cut",
    "flag",
    "from_serial",
    "in_cell",
    "is_empty",
    "moment",
    "money",
    "nearest",
    "nothing",
    "number",
    "percent",
    "phone",
    "status",
    "text",
    "to_serial",
]
