"""What people type into cells: a cell in, a value or a friendly explanation out.

Pure. A cell is what the Sheets API gives with UNFORMATTED_VALUE and SERIAL_NUMBER:
text, number or boolean. A reader returns the value, ``None`` for an empty cell, or
raises :class:`Unclear` with a Russian sentence. What is certain is taken as meant; what
is only likely is explained, with the likeliest meaning as the example. No word is
guessed into its opposite, and what a person wrote apart is never joined.

The readers are imported from here: ``values.money(cell)``. The modules behind are for
who mends one of them; :mod:`record.values.cells` holds the rules that all share.
"""

from record.values.address import NOBODY, TELEGRAM, Address, address, telegram
from record.values.cells import (
    Cell,
    Loading,
    Unclear,
    UnclearCell,
    as_shown,
    attempt,
    cut,
    first_seen,
    in_cell,
    is_empty,
    is_error,
    is_loading,
    is_unread,
    nothing,
    opened,
    text,
    unread,
)
from record.values.dates import from_serial, moment, to_serial
from record.values.names import Categories, nearest
from record.values.percents import percent
from record.values.phones import phone, phone_words, spoken_phone
from record.values.statuses import Status
from record.values.sums import TooMuch, money, spoken_sum
from record.values.words import affirms, flag, status

__all__ = [
    "NOBODY",
    "TELEGRAM",
    "Address",
    "Categories",
    "Cell",
    "Loading",
    "Status",
    "TooMuch",
    "Unclear",
    "UnclearCell",
    "address",
    "affirms",
    "as_shown",
    "attempt",
    "cut",
    "first_seen",
    "flag",
    "from_serial",
    "in_cell",
    "is_empty",
    "is_error",
    "is_loading",
    "is_unread",
    "moment",
    "money",
    "nearest",
    "nothing",
    "opened",
    "percent",
    "phone",
    "phone_words",
    "spoken_phone",
    "spoken_sum",
    "status",
    "telegram",
    "text",
    "to_serial",
    "unread",
]
