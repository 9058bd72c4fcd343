"""F13: nothing that nobody sees hides a formula in files for Excel, or changes what a cell is read as."""

import sys
import unicodedata

import pytest

from record import values
from record.values.cells import FILLERS, INVISIBLE
from web.present.tables import harmless

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "＝1")
UNSEEN = {
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "an empty Braille cell": "\u2800",
    "a joiner of letters": "\u034f",
    "BOM": "\ufeff",
    "soft hyphen": "\u00ad",
    "no width": "\u200b\u200c\u200d\u2060",
    "selectors": "\ufe00\ufe0f\U000e0100",
    "Khmer and Mongolian": "\u17b4\u17b5\u180b\u180e",
    "an accent": "\u0301",
    "a circle around": "\u20dd",
    "spaces": " \xa0\u2003\u3000",
    "tags": "\U000e0041",
    "an empty note": "\U0001d159",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_f13_no_formula_hides_behind_what_nobody_sees(name: str) -> None:
    for hidden in (*UNSEEN[name], UNSEEN[name], UNSEEN[name] * 50):
        for formula in FORMULAS:
            assert harmless(hidden + formula).startswith("'"), ascii(hidden + formula)
        assert harmless(f"{hidden}Мира 1") == f"{hidden}Мира 1"


def test_f13_whole_categories_are_looked_past() -> None:
    """Whatever Unicode adds to a category of marks and signs that show nothing is covered, without a list."""
    every = map(chr, range(sys.maxunicode + 1))
    hidden = [one for one in every if unicodedata.category(one) in ("Mn", "Me", "Cf", "Zs", "Zl", "Zp", "Cc")]
    assert [ascii(one) for one in hidden if not harmless(f"{one}=1").startswith("'")] == []


@pytest.mark.parametrize("name", sorted(UNSEEN.keys() - {"an accent", "a circle around", "spaces"}))
def test_f13_what_nobody_sees_changes_no_meaning(name: str) -> None:
    hidden = UNSEEN[name]
    assert values.status(f"{hidden}Выпол{hidden}нена{hidden}") is values.Status.DONE
    assert values.phone(f"{hidden}+79001234567{hidden}") == "+79001234567"
    assert values.money(f"{hidden}2000{hidden}₽") == 2000
    with pytest.raises(values.Unclear):
        values.money(f"2000{hidden}500")


def test_f13_every_filler_is_invisible_to_the_readers() -> None:
    assert INVISIBLE.sub("", FILLERS) == ""
