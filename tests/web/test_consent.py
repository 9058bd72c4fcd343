"""What a client agreed to, and when, can be found again."""

import time

from record.consent import VERSION
from record.store import Store
from tests.web.visitor import Visitor, draft


def test_the_consent_of_an_order_is_kept_with_its_version_and_time(visitor: Visitor, store: Store) -> None:
    before = time.time()
    number = visitor.orders()
    with store.reading() as tx:
        given = tx.consents.of(number)
    assert given is not None
    assert (given.version, given.channel) == (VERSION, "website")
    assert before <= given.at <= time.time()


def test_an_order_that_came_without_the_form_has_none(visitor: Visitor, store: Store) -> None:
    placed = visitor.client.application.extensions["naryad"].actions.place_order(draft())
    with store.reading() as tx:
        assert tx.consents.of(placed.id) is None


def test_the_page_names_the_version_that_is_agreed_to(visitor: Visitor) -> None:
    assert VERSION in visitor.opens("/privacy.html").get_data(as_text=True)
    assert "/privacy.html" in visitor.opens("/").get_data(as_text=True)
