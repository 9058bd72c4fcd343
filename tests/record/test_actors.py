"""Who did something, and the words that every store in use keeps for it: they never change."""

import json

import pytest

from record.store import Store
from record.values import telegram
from record.values.actors import (
    BOT,
    HUSHED,
    PANEL,
    PAST,
    REPAIR,
    STAFF,
    SYSTEM,
    WAVE,
    Actor,
    ActorKind,
    read_actor,
)

KEPT = [
    (STAFF, "staff"),
    (PANEL, "panel"),
    (Actor.master("3"), "master 3"),
    (Actor.master("А-7 б"), "master А-7 б"),
    (Actor.master(""), "master "),
    (Actor.client(), "client"),
    (Actor.client(telegram(501)), "client 501"),
    (Actor.client(telegram(-1001234567890)), "client -1001234567890"),
    (Actor(ActorKind.WEBSITE), "website"),
    (Actor(ActorKind.TELEGRAM), "telegram"),
    (Actor(ActorKind.PHONE), "phone"),
    (Actor(ActorKind.DIRECT), "direct"),
    (BOT, "bot"),
    (Actor(ActorKind.FORM), "form"),
    (SYSTEM, "system"),
    (REPAIR, "repair"),
    (WAVE, "wave"),
    (HUSHED, "left"),
    (PAST, "past"),
]
UNKNOWN = ["", " ", "master", "client ", "staff ", "Staff", "robot", "robot 7", " master 3", "кто-то"]


@pytest.mark.parametrize(("actor", "words"), KEPT)
def test_an_actor_is_kept_in_these_words(actor: Actor, words: str) -> None:
    assert (str(actor), read_actor(words)) == (words, actor)


def test_every_kind_stands_in_the_table() -> None:
    assert {actor.kind for actor, _ in KEPT} == set(ActorKind) - {ActorKind.OTHER}


@pytest.mark.parametrize("words", UNKNOWN)
def test_words_of_another_release_come_back_as_written(words: str) -> None:
    assert read_actor(words) == Actor(ActorKind.OTHER, words)
    assert str(read_actor(words)) == words


@pytest.mark.parametrize("words", [*(words for _, words in KEPT), *UNKNOWN])
def test_the_store_keeps_and_gives_back_who_did_it(store: Store, words: str) -> None:
    with store.transaction() as tx:
        tx.history.add("7", "status", "", "", read_actor(words))
        assert [str(event.by) for event in tx.history.of("7")] == [words]


def test_a_copy_of_the_store_keeps_the_same_words(store: Store) -> None:
    with store.transaction() as tx:
        tx.history.add("7", "status", "", "", Actor.master("3"))
        copied = json.loads(json.dumps(tx.keepsakes.take()))
    assert [line["by"] for line in copied["history"]] == ["master 3"]


def test_whose_order_it_is() -> None:
    assert Actor.client().is_client(telegram(501)), "who has the secret link of an order"
    assert Actor.client(telegram(501)).is_client(telegram(501))
    assert not Actor.client(telegram(501)).is_client(telegram(777))
    assert not Actor.client(telegram(501)).is_client(None)
    assert not Actor.master("501").is_client(telegram(501))
    assert Actor.master("2").is_master("2")
    assert not Actor.master("2").is_master("1")
    assert not Actor.client(telegram(2)).is_master("2")
    assert (Actor.master("2").master_id, STAFF.master_id, Actor.client(telegram(5)).master_id) == ("2", "", "")
