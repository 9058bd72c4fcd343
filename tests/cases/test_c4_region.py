"""C4: a spreadsheet of another country or time zone is told by `check` and `init`; `init` mends an empty one."""

from typing import Any

import pytest

from tests.harness.system import System

ABROAD = {"locale": "en_US", "timeZone": "America/New_York"}


def region(system: System) -> dict[str, Any]:
    """Return the spreadsheet's country and zone."""
    seen = system.staff().fetch_sheet_metadata({"fields": "properties(locale,timeZone)"})
    return dict(seen["properties"])


@pytest.fixture
def abroad(open_system: Any) -> System:
    """A system whose empty spreadsheet was made by somebody with an American account."""
    system: System = open_system()
    move(system)
    return system


def move(system: System) -> None:
    """Let a person choose another country in «Файл → Настройки»."""
    request = {"updateSpreadsheetProperties": {"properties": ABROAD, "fields": "locale,timeZone"}}
    system.staff().batch_update({"requests": [request]})


def test_c4_init_gives_an_empty_spreadsheet_our_country_and_zone(abroad: System) -> None:
    done = abroad.run("worker", "init")
    assert (done.returncode, done.stderr) == (0, "")
    assert region(abroad) == {"locale": "ru_RU", "timeZone": "Europe/Kaliningrad"}


def test_c4_of_one_in_use_both_say_so_and_what_to_do(abroad: System) -> None:
    """What people typed there would be shown otherwise, so a person decides."""
    abroad.run("worker", "init")
    move(abroad)
    done = abroad.run("worker", "init")
    assert done.returncode == 0
    for said in (done.stderr, abroad.run("worker", "check").stdout):
        assert "en_US, а не ru_RU: «05.12» и «1,5» таблица прочтёт не так, как их пишут" in said
        assert "America/New_York, а у компании Europe/Kaliningrad" in said
        assert "«Файл → Настройки»" in said
    assert region(abroad) == ABROAD


def test_c4_a_typed_row_is_enough_to_be_in_use(abroad: System) -> None:
    abroad.staff().sheet1.update_cell(5, 2, "Позвонить Марине")
    assert "en_US, а не ru_RU" in abroad.run("worker", "init").stderr
    assert region(abroad) == ABROAD
