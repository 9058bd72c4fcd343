"""Whatever an app sends as a button's data is one toast, and no error of ours."""

import base64

from tests.cases.presses import carried, forge_all
from tests.harness.company import IVAN, JULIA, Company
from tests.harness.system import CLIENT_BOT, MASTER_BOT

JUNK = (
    "why:1:99", "why:1:x", "why", "why:", "why:0", ":", "::", ".", "..", "...", "accept", "accept..", "card:1",
    "x" * 64, "🔥" * 16, "accept:1\n", "\x00\x01", "accept:None", "cancel:1", "cancelled:1", "mine..",
    "'; DROP TABLE orders", "mine", "%s%n{}", base64.b64encode(b"\xff" * 45).decode(),
)  # fmt: skip


def test_f3_malformed_callbacks_are_one_toast(announced: Company) -> None:
    for bot, person in ((MASTER_BOT, IVAN), (CLIENT_BOT, JULIA)):
        under = announced.system.chat(bot, person)[1]
        said = forge_all(announced, person, under, JUNK, bot)
        assert [toast for toast in said if "устарела" not in toast] == []
    assert announced.logged("update_failed") == announced.logged("update_parked") == []


def test_f3_a_button_changed_in_one_letter_is_none(announced: Company) -> None:
    card = announced.card("ivan", announced.sheet.ids[0])
    (data,) = carried(card)
    assert len(data.encode()) <= 64
    others = [
        data[:place] + ("b" if data[place] != "b" else "c") + data[place + 1 :] for place in range(0, len(data), 4)
    ]
    said = forge_all(announced, IVAN, card, others)
    assert [toast for toast in said if "устарела" not in toast] == []
    announced.rests()
    assert announced.owner(announced.sheet.ids[0]) == ""
