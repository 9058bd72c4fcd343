"""I3: who asks to be forgotten is nowhere any more, planted though she was in every table, sheet, copy and file."""

import gzip
import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, DateTime, Float, Integer, Table

from record.actions.client_acts import Draft
from record.actions.forgetting import Forgetting
from record.dispatch.listing import Wanted, narrow
from record.dispatch.person import ERASED
from record.grid.worksheets import ORDERS
from record.store import Store
from record.store.persons import KEPT, OF_STAFF
from record.store.schema import metadata
from record.store.schema.base import ActorText, AddressText
from record.values import telegram
from record.values.actors import STAFF
from tests.harness.office import Office, order
from worker.backup.backup import on_demand
from worker.backup.file import files, load
from worker.backup.forgotten import without_forgotten
from worker.backup.refill import bring_back
from worker.forgetting import ExpireJob, ForgetJob, forget_now

NAME, STREET, FIGURES = "Феврония Журавлихина", "Заречная Слобода 17, кв. 93", "9215550177"
PHONE, TYPED = f"+7{FIGURES}", "8 (921) 555-01-77"
CHAT = telegram(555017755)
# rows of these are made by the company at work, as they really are
REAL = {"orders", "masters", "lists", "forgets"}
PLANTED = f"{NAME}, {TYPED}, {STREET}"


@pytest.fixture
def known(office: Office) -> Office:
    """A company that knows her from the bot, by hand, and in every table."""
    office.begin()
    draft = Draft(NAME, PHONE, STREET, "Искрит", source="telegram", chat=CHAT, consent="2026-11-28")
    office.actions.place_order(draft)
    office.settle()
    office.paste(order(5, Телефон="+79001110000", Комментарий=f"или {TYPED}, {NAME}", Адрес=STREET))
    office.paste(order(6, Телефон="+79001110001", Имя="Другой Человек"))
    office.settle()
    for number in (1, 5, 6):
        office.change(number, Статус="Выполнена", Мастер="Иван Петров", Цена=2000)
    office.settle()
    office.deliver()
    plant(office.store)
    on_demand(office.store, office.sheet, office.settings)
    return office


def plant(store: Store) -> None:
    """Put her into a row of every table that there is."""
    with store.transaction() as tx:
        for number, table in enumerate(metadata.sorted_tables):
            if table.name not in REAL | KEPT | OF_STAFF:
                planted = table.insert().values(row_of(table, 9000 + number))
                tx._connection.execute(planted)  # noqa: SLF001  no noun has a method for this


def row_of(table: Table, number: int) -> dict[str, Any]:
    row = {column.name: cell(column.type, number, column.name) for column in table.columns}
    known = {"order_id": "1", "subject": "1", "title": ORDERS, "state": "sent", "echoed": True, "kind": "planted"}
    return row | {
        name: value for name, value in known.items() if name in row and table.name in {"journal", "outbox", "history"}
    }


def cell(kind: Any, number: int, name: str) -> Any:
    by_kind: dict[type, Any] = {
        AddressText: CHAT,
        ActorText: STAFF,
        JSON: {name: [PLANTED, {"phone": PHONE}, f"8{FIGURES}"]},
        Boolean: True,
        Float: time.time(),
        DateTime: datetime(2026, 11, 28),
        BigInteger: number,
        Integer: number,
    }
    return by_kind.get(type(kind), f"{PLANTED} {name}")


def forgets(office: Office, phone: str = TYPED) -> str:
    acts = Forgetting(office.store, office.settings)
    number = acts.begin(acts.look(phone), "test")
    return forget_now(office.store, office.sheet, office.settings, number)


def traces(office: Office) -> list[str]:
    """Return where anything of her stands: in files, in the database, in the spreadsheet."""
    found = []
    for path in office.system.folder.rglob("*"):
        kept = "sqlite" in path.name or path.suffix in {".gz", ".log"}
        if path.is_file() and kept:
            body = path.read_bytes()
            plain = gzip.decompress(body) if path.suffix == ".gz" else body
            found += [f"{path.name}: {needle}" for needle in told(plain)]
    for worksheet in office.book.worksheets():
        text = json.dumps(worksheet.get_all_values(), ensure_ascii=False)
        found += [f"{worksheet.title}: {needle}" for needle in told(text.encode())]
    return found + [f"table {name}" for name in named_in(office.store)]


def told(body: bytes) -> Iterator[str]:
    plain = body.decode("utf-8", "ignore")
    sought = (narrow(NAME.casefold()), narrow(STREET.casefold()))
    for needle in (NAME, NAME.casefold(), STREET, STREET.casefold(), json.dumps(NAME)[1:-1], FIGURES, TYPED, *sought):
        if needle in plain:
            yield needle


def named_in(store: Store) -> Iterator[str]:
    with store.reading() as tx:
        for table in metadata.sorted_tables:
            found = tx._connection.execute(table.select()).mappings()  # noqa: SLF001  no noun has a method for this
            rows = [str(dict(row)) for row in found]
            if any(list(told(row.encode())) for row in rows):
                yield table.name


def test_i3_nothing_remains_in_any_table_file_copy_or_cell(known: Office) -> None:
    assert len(traces(known)) > 20
    proof = forgets(known)
    assert "Акт № 1" in proof
    assert not any(list(told(proof.encode())))
    assert traces(known) == []
    with known.store.reading() as tx:
        assert [one.id for one in tx.search.page(Wanted(text="#1")).orders] == ["1"]
    known.settle()
    known.settle()
    assert traces(known) == [], "nor does the next poll bring her back"


def test_i3_money_statistics_and_others_stay(known: Office) -> None:
    forgets(known)
    known.settle()
    with known.store.reading() as tx:
        mine, others, consent = tx.orders.get("1"), tx.orders.get("6"), tx.consents.of("1")
    assert mine
    assert (mine.name, mine.phone, str(mine.price), str(mine.status), mine.master_id) == (
        ERASED,
        "",
        "2000",
        "Выполнена",
        "1",
    )
    assert others
    assert (others.name, others.phone, others.key) == ("Другой Человек", "+79001110001", "key6")
    assert consent, "that she agreed, and to what, is proof and names nobody"


def test_i3_an_old_copy_brings_nobody_back_and_a_new_order_is_a_new_person(known: Office, tmp_path: Path) -> None:
    (old,) = files(Path(known.settings.backup.folder))
    kept = tmp_path / "elsewhere.json.gz"
    kept.write_bytes(old.read_bytes())
    forgets(known)
    copy = without_forgotten(known.store, load(kept), known.settings.sheets.spreadsheet_id, "RU")
    assert not any(list(told(json.dumps(tab.rows, ensure_ascii=False).encode())) for tab in copy.worksheets)
    known.actions.place_order(Draft(NAME, PHONE, STREET, "Снова искрит"))
    known.settle()
    found = Forgetting(known.store, known.settings).look(PHONE)
    assert [one.problem for one in found.orders] == ["Снова искрит"]


def test_i3_the_proof_outlives_the_store(known: Office) -> None:
    forgets(known)
    (copy,) = [load(path) for path in files(Path(known.settings.backup.folder))]
    (line,) = copy.kept["forgets"]
    assert (line["whom"], bool(line["print"])) == ({}, True)


@pytest.mark.parametrize("typed", ["+79215550177", "8-921-555-01-77", "9215550177", "тел. 7 921 555 01 77"])
def test_i3_any_spelling_finds_her(known: Office, typed: str) -> None:
    found = Forgetting(known.store, known.settings).look(typed)
    assert sorted(one.id for one in found.orders) == ["1", "5"]
    assert "+79001110000" in found.other_phones


def test_i3_google_away_is_journaled_and_ended_later(known: Office) -> None:
    known.fault(times=1000, status=503)
    acts = Forgetting(known.store, known.settings)
    number = acts.begin(acts.look(PHONE), "test")
    job = ForgetJob(known.store, known.settings)
    assert job.run()["ended"] == 0
    known.mend()
    known.flush()
    assert job.run()["ended"] == 1
    assert traces(known) == []
    assert acts.look(PHONE).nobody
    with known.store.reading() as tx:
        act = tx.forgets.get(number)
    assert act
    assert act.state == "done"


def test_i3_a_lost_store_goes_on_with_what_its_copy_knows(known: Office) -> None:
    acts = Forgetting(known.store, known.settings)
    acts.begin(acts.look(PHONE), "test")
    on_demand(known.store, known.sheet, known.settings)
    known.restart(forget=True)
    bring_back(known.store, known.settings)
    job = ForgetJob(known.store, known.settings)
    assert job.run()["ended"] == 0, "nobody has read the sheet yet"
    known.settle()
    assert job.run()["ended"] == 0, "she stands in the sheet as ever"
    known.settle()
    assert job.run()["ended"] == 1
    assert traces(known) == []


def test_i3_a_master_forgets_himself(office: Office) -> None:
    office.begin()
    office.paste(order(7, Статус="Выполнена", Мастер="Иван Петров", Цена=2000))
    office.settle()
    forgets(office, "8 911 000 00 01")
    office.settle()
    text = json.dumps([one.get_all_values() for one in office.book.worksheets()], ensure_ascii=False)
    assert "Иван Петров" not in text
    assert "9110000001" not in text
    with office.store.reading() as tx:
        kept = tx.orders.get("7")
    assert kept
    assert (kept.master, kept.master_id, str(kept.price)) == ("Бывший мастер 1", "1", "2000")


def test_i3_what_ended_long_ago_is_forgotten_by_itself(known: Office) -> None:
    keep = known.settings.keep.model_copy(update={"personal_days": 1})
    settings = known.settings.model_copy(update={"keep": keep})
    known.paste(order(8, Статус="Отменена", Дата=45000, Имя="Давняя Клиентка"))
    known.settle()
    assert ExpireJob(known.store, known.settings).run()["idle"], "0 keeps for ever"
    assert ExpireJob(known.store, settings).run()["orders"] >= 1
    known.flush()
    assert ForgetJob(known.store, settings).run()["ended"] == 1
    known.settle()
    rows = {str(row["ID"]): row for row in known.tab(ORDERS).get_all_records()}
    assert (rows["8"]["Имя"], rows["8"]["Телефон"]) == (ERASED, "")
    assert rows["1"]["Имя"] == NAME, "what ended today is kept"


def test_i3_one_whose_name_is_our_own_word_is_forgotten_in_time_and_once(office: Office) -> None:
    keep = office.settings.keep.model_copy(update={"personal_days": 1})
    settings = office.settings.model_copy(update={"keep": keep})
    office.begin()
    office.paste(order(8, Статус="Отменена", Дата=45000, Имя=ERASED))
    office.settle()
    assert ExpireJob(office.store, settings).run()["orders"] == 1
    office.flush()
    assert ForgetJob(office.store, settings).run()["ended"] == 1
    office.settle()
    row = office.row(8)
    assert (row["Имя"], row["Телефон"], row["Проблема"]) == (ERASED, "", "")
    assert ExpireJob(office.store, settings).run()["orders"] == 0, "nothing is left to forget"


def test_i3_an_old_copy_does_not_bring_a_masters_name_back(office: Office, tmp_path: Path) -> None:
    office.begin()
    office.paste(order(7, Статус="Выполнена", Мастер="Иван Петров", Цена=2000))
    office.paste(order(8, Статус="Выполнена", Мастер="Сергей Ким", Комментарий="вместо Иван Петров"))
    office.settle()
    on_demand(office.store, office.sheet, office.settings)
    (old,) = files(Path(office.settings.backup.folder))
    kept = tmp_path / "elsewhere.json.gz"
    kept.write_bytes(old.read_bytes())
    forgets(office, "8 911 000 00 01")
    copy = without_forgotten(office.store, load(kept), office.settings.sheets.spreadsheet_id, "RU")
    assert "Иван Петров" not in str(copy)
    tabs = {tab.title: tab.rows for tab in copy.worksheets}
    place = tabs[ORDERS][0].index("Мастер")
    assert [row[place] for row in tabs[ORDERS][1:]] == ["Бывший мастер 1", "Сергей Ким"]
