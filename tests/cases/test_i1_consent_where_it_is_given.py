"""I1: wherever data is given there is one line with a link, and the button that sends it is the consent."""

from pathlib import Path

import pytest

from bots.client.dialog import step
from bots.client.kept import State
from bots.client.texts import SERVICES
from bots.master.dialog import registering
from record.actions.client_acts import Draft
from record.actions.talks import TalkActions
from record.consent import DATES, VERSION
from record.settings.sections import Telegram
from record.store import Speech, Store
from record.store.consents import Consent
from record.values import telegram
from tests.bots.acts import SHOP, text
from tests.harness.databases import databases
from tests.harness.office import Office
from tests.web.visitor import Visitor, settings_for
from web import create_app
from worker.backup.backup import on_demand
from worker.backup.file import load
from worker.backup.refill import bring_back

PAGE = "https://app.balt-set.ru/consent.html"


def of(store: Store, subject: str) -> Consent:
    with store.reading() as tx:
        found = tx.consents.of(subject)
    assert found is not None
    return found


def test_i1_the_client_bot_names_the_text_beside_the_key_that_sends() -> None:
    state: State = {}
    for said in (SERVICES, "Не работает розетка", "Невского 47", "Юля", "8 900 123-45-67"):
        turn = step(state, text(said), SHOP)
        state = turn.state
    shown = turn.messages[-1]
    assert (state["step"], shown.text.count(PAGE)) == ("confirm", 1)
    assert "Нажимая «✅ Подтвердить»" in shown.text


def test_i1_the_master_bot_names_the_text_where_the_phone_is_given() -> None:
    turn = registering({"step": "name", "draft": {}}, text("Иван Петров"), SHOP)
    assert PAGE in str(turn.message)
    again = registering(turn.state, text("не скажу"), SHOP)
    assert PAGE in str(again.message)


def test_i1_the_chat_names_the_text_where_a_phone_is_given(store: Store, tmp_path: Path) -> None:
    settings = settings_for(databases.url(tmp_path, "naryad.sqlite3"))
    settings = settings.model_copy(update={"telegram": Telegram(admin_chat_id=900)})
    visitor = Visitor(create_app(settings, store).test_client())
    talks = TalkActions(store, settings)
    secret = talks.said("", "Сколько стоит розетка?", lambda _: Speech("assistant", "300 ₽"))
    with visitor.client.session_transaction() as session:
        session["talk"] = secret
    visitor.opens("/ai-chat.html")
    beside = visitor.page.partition("/ai-chat/person")[2].partition("</form>")[0]
    assert 'href="/consent.html"' in beside
    talks.ask_person(secret, "+79001234567")
    given = of(store, "talk:1")
    assert (given.version, given.channel) == (VERSION, "website")


def test_i1_version_time_and_channel_outlive_the_store(office: Office) -> None:
    office.begin()
    chat = telegram(777)
    office.actions.place_order(
        Draft("Аня", "+79001234567", "Мира 1", "Искрит", source="telegram", chat=chat, consent="9")
    )
    office.actions.register_master("Пётр Ли", "+79001234568", telegram(778), "Электрика", consent="9")
    office.settle()
    with office.store.reading() as tx:
        master = tx.masters.by_chat(telegram(778))
    assert master
    given = [of(office.store, "1"), of(office.store, f"master:{master.id}")]
    assert [(one.version, one.channel) for one in given] == [("9", "telegram")] * 2
    on_demand(office.store, office.sheet, office.settings)
    office.restart(forget=True)
    bring_back(office.store, office.settings)
    assert [of(office.store, "1"), of(office.store, f"master:{master.id}")] == given


def test_i1_a_copy_of_the_release_before_gives_its_consents_back(office: Office) -> None:
    office.begin()
    office.actions.place_order(Draft("Аня", "+79001234567", "Мира 1", "Искрит", consent="2026-11-22"))
    office.settle()
    path, _ = on_demand(office.store, office.sheet, office.settings)
    kept = load(path).kept
    for row in kept["consents"]:
        del row["channel"]
    office.restart(forget=True)
    with office.store.transaction() as tx:
        tx.keepsakes.put_back(kept)
    assert of(office.store, "1").channel == "website"


@pytest.mark.parametrize("version", DATES)
def test_i1_what_was_agreed_to_can_be_shown_later(visitor: Visitor, version: str) -> None:
    assert visitor.opens(f"/consent.html?version={version}").status_code == 200
    assert f"Версия текста {version}" in visitor.page


def test_i1_every_version_has_its_text_and_no_other_is_shown(visitor: Visitor) -> None:
    texts = {path.stem for path in Path("web/templates/consents").iterdir()}
    assert texts == set(DATES)
    assert visitor.opens("/consent.html?version=../../admin/order").status_code == 404
