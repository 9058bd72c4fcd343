"""Serial numbers, days since 1899-12-30:
https://developers.google.com/sheets/api/reference/rest/v4/DateTimeRenderOption.
"""

import datetime as dt

EPOCH = dt.datetime(1899, 12, 30)
_LAST = 2_958_466


def to_serial(moment: dt.datetime) -> float | int:
    """2020-01-01 00:00 → 43831."""
    span = moment - EPOCH
    fraction = (span.seconds + span.microseconds / 1e6) / 86_400
    return span.days + fraction if fraction else span.days


def from_serial(serial: float) -> dt.datetime | None:
    """The moment to the millisecond, None outside what a calendar can show."""
    if not -693_593 <= serial < _LAST:
        return None
    return EPOCH + dt.timedelta(milliseconds=round(serial * 86_400_000))
