"""docs/dialogs.md is played: each kind of message at each place of a client's talk does what its cell says."""

from pathlib import Path
from typing import Any

import pytest

from bots.client.dialog import step
from bots.client.kept import State
from bots.client.texts import CONTINUE, SERVICES
from bots.client.turns import Turn
from bots.incoming import Incoming
from bots.sorts import SORTS
from bots.telegram.contents import FILES, OTHERS
from tests.bots.acts import PERSON, SHOP

DOC = Path(__file__).parents[2] / "docs" / "dialogs.md"
AT = 1_790_000_000
POINT = "https://yandex.ru/maps/?pt=20.5,54.7&z=17&l=map"
SAID = (SERVICES, "Нет света", "Мира 5", "Юля", "8 900 123-45-67")
STEPS = ("problem", "address", "name", "phone", "confirm")
Row = tuple[str, str, str]


def cells_of(line: str) -> list[str]:
    """Return the cells of a line of a table."""
    return [cell.strip(" `") for cell in line.strip("|").split("|")]


def table() -> list[Row]:
    """Return the cells of the table of clients: what is sent, where, and what comes of it."""
    lines = [line for line in DOC.read_text().splitlines() if line.startswith("|")]
    rows = [cells_of(line) for line in lines]
    head, cells = rows[0], []
    for row in rows[2:]:
        cells += [(row[0], at, then) for at, then in zip(head[1:], row[1:], strict=True)]
    return cells


def message(name: str) -> Incoming:
    """Return what is sent."""
    facts: dict[str, Any] = {"message_id": "99", "at": AT + 100, "first_name": "Юля"}
    if name == "photo with words":
        return Incoming(PERSON, "text", text="Старый щиток", sort="photo", file="f", **facts)
    if name == "rest of album":
        return Incoming(PERSON, "other", sort="photo", file="f", album="a", **facts)
    if name == "edited":
        return Incoming(PERSON, "text", text="не так", edited=True, **facts)
    if name == "contact":
        return Incoming(PERSON, "contact", sort="contact", phone="79005556677", own_phone=True, **facts)
    if name in SORTS or name == "unknown":
        detail = POINT if name in {"location", "venue"} else ""
        return Incoming(PERSON, "other", sort=name, file="f", detail=detail, **facts)
    return Incoming(PERSON, "text", text="Старый щиток" if name == "text" else name, **facts)


def place(at: str, sent: str) -> State:
    """Return the state of a talk that stands somewhere."""
    state: State = {}
    if at not in {"none", "work"}:
        answered = STEPS.index("address" if at == "old" else at) + 1
        for number, text in enumerate(SAID[:answered]):
            said = Incoming(PERSON, "text", text=text, message_id=str(number), at=AT, first_name="Юля")
            state = step(state, said, SHOP).state
    if at == "old":
        state["at"] = AT - 7200
    if sent == "rest of album":
        state["album"] = "a"
    return state


def outcome(before: State, turn: Turn) -> str:
    """Return what has come of it, in the words of the table; what the bot has to do goes before."""
    if turn.act == "person" and turn.messages:
        return "again"
    if turn.act:
        return {"place": "order"}.get(turn.act, turn.act)
    if not turn.messages:
        return "silent"
    keys = [key.text for row in turn.messages[0].keyboard for key in row]
    if CONTINUE in keys:
        return "offer"
    if "step" not in turn.state:
        return "ends" if "step" in before else "menu"
    return of_question(before, turn)


def of_question(before: State, turn: Turn) -> str:
    """Return what has come of it where a question stands afterwards."""
    after = turn.state
    moved = STEPS.index(after["step"]) - STEPS.index(before["step"])
    if moved:
        return "answer" if moved > 0 else "before"
    if before["draft"] != after["draft"]:
        return "remark"
    assert "%" in turn.messages[0].text or after.get("tried"), "the question is asked again"
    kept = ("files", "place", "contact")
    return "kept" if any(before.get(name) != after.get(name) for name in kept) else "again"


def in_menu(sent: str, then: str) -> set[str]:
    """Return what the dialog itself says of what the bot then passes on, or keeps."""
    match then:
        case "passed":
            return {"say", "person", "cancel"}
        case "hint" | "silent":
            return {"say"}
        case _ if sent in {"отмена", "оператор"}:
            return {"cancel", "person"}
        case _:
            return {then}


@pytest.mark.parametrize(("sent", "at", "then"), table())
def test_each_cell_is_so(sent: str, at: str, then: str) -> None:
    before = place(at, sent)
    found = outcome(before, step(before, message(sent), SHOP))
    if at in {"none", "work"}:
        assert found in in_menu(sent, then)
    elif sent == "/start" and at == "problem":
        assert found == "ends"
    else:
        assert found == then


def test_the_table_has_every_kind_of_message() -> None:
    sent = {row[0] for row in table()}
    rare = {"game", "story", "invoice", "paid_media", "checklist"}
    assert sent >= {*FILES, *OTHERS} - rare
    assert {at for _, at, _ in table()} == {*STEPS, "old", "none", "work"}


@pytest.mark.parametrize("sort", [*FILES, *OTHERS, "unknown", "what_comes_next_year"])
@pytest.mark.parametrize("at", STEPS)
def test_every_kind_is_answered_and_loses_no_answer(sort: str, at: str) -> None:
    before = place(at, "")
    turn = step(before, Incoming(PERSON, "other", sort=sort, file="f", at=AT, message_id="9"), SHOP)
    assert turn.messages
    assert turn.state["draft"].items() >= before["draft"].items()
