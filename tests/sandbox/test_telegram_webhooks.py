"""Webhooks: delivery, repetition, the secret, and the conflict with getUpdates."""

import time
from queue import Empty
from threading import Event

import pytest

from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import Refused, Talk, listener


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started()


def delivered(talk: Talk) -> None:
    """Wait until nothing is pending."""
    deadline = time.monotonic() + 5
    while talk.bot("getWebhookInfo")["pending_update_count"]:
        assert time.monotonic() < deadline


def test_updates_are_posted_with_the_secret(talk: Talk) -> None:
    with listener() as (url, arrived):
        assert talk.bot("setWebhook", url=url, secret_token="s3cret_-") is True
        talk.say("привет")
        body, secret = arrived.get(timeout=HANG_S)
        assert body["message"]["text"] == "привет"
        assert secret == "s3cret_-"
        delivered(talk)
        assert talk.bot("getWebhookInfo")["url"] == url


def test_other_answers_than_2xx_are_repeated_in_order(talk: Talk) -> None:
    with listener(500) as (url, arrived):
        talk.bot("setWebhook", url=url)
        talk.say("раз")
        talk.say("два")
        texts = [arrived.get(timeout=HANG_S)[0]["message"]["text"] for _ in range(3)]
        assert texts == ["раз", "раз", "два"]
        info = talk.bot("getWebhookInfo")
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


def test_the_next_update_waits_for_the_answer_to_the_one_before(talk: Talk) -> None:
    held = Event()
    with listener(held=held) as (url, arrived):
        talk.bot("setWebhook", url=url)
        talk.say("раз")
        talk.say("два")
        assert arrived.get(timeout=HANG_S)[0]["message"]["text"] == "раз"
        with pytest.raises(Empty):
            arrived.get(timeout=0.5)
        held.set()
        assert arrived.get(timeout=HANG_S)[0]["message"]["text"] == "два"


def test_a_bot_begun_anew_is_not_kept_waiting_by_a_delivery_of_the_former(talk: Talk) -> None:
    held = Event()
    with listener(held=held) as (former, reached), listener() as (url, arrived):
        talk.bot("setWebhook", url=former)
        talk.say("раз")
        reached.get(timeout=HANG_S)
        talk.sandbox.control("reset")
        talk.started()
        talk.bot("setWebhook", url=url)
        talk.say("два")
        assert arrived.get(timeout=HANG_S)[0]["message"]["text"] == "два"
        held.set()
        talk.say("три")
        assert arrived.get(timeout=HANG_S)[0]["message"]["text"] == "три"
        delivered(talk)


def test_no_get_updates_while_a_webhook_is_set(talk: Talk) -> None:
    with listener() as (url, _):
        talk.bot("setWebhook", url=url)
        with pytest.raises(Refused) as refusal:
            talk.updates()
        assert refusal.value.status == 409
        assert refusal.value.description == (
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )


def test_setting_twice_in_a_second_is_too_often(talk: Talk) -> None:
    with listener() as (url, _):
        talk.bot("setWebhook", url=url)
        assert talk.refused("deleteWebhook") == "Too Many Requests: retry after 1"


def test_pending_updates_are_dropped_on_request(talk: Talk) -> None:
    talk.say("x")
    assert talk.bot("deleteWebhook", drop_pending_updates=True) is True
    assert talk.updates() == []


@pytest.mark.parametrize(
    ("url", "secret", "why"),
    [
        ("http://balt-set.ru/hook", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://balt-set.ru:8080/hook", "",
         "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://balt-set.ru/hook", "нет", "secret token contains unallowed characters"),
    ],
)  # fmt: skip
def test_refused_webhooks(talk: Talk, url: str, secret: str, why: str) -> None:
    assert talk.refused("setWebhook", url=url, secret_token=secret) == why
