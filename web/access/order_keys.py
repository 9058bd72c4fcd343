"""Whose order it is: a number alone shows nothing, the secret of the tracking link does."""

import hmac
from collections.abc import Iterable

from flask import Flask, Response, make_response, render_template
from flask_limiter import Limiter

from record.dispatch.model import Order
from record.store import Tx
from web.access.security import limit_view

MISSES = "30/minute"


def order_by_key(tx: Tx, order_id: str, key: str) -> Order | None:
    """Return the order, or None alike for a wrong number, a wrong key and no key."""
    number = order_id.strip().removeprefix("#")
    if "\x00" in number:  # which PostgreSQL takes in no text
        return None
    order = tx.orders.get(number)
    expected = ""
    if order is not None:
        expected = order.key
    fits = hmac.compare_digest(expected.encode(), key.strip().encode())
    if not expected or not fits:
        return None
    return order


def order_missing() -> Response:
    """Return the page for whoever has no key, or none that fits."""
    return make_response(render_template("track-missing.html"), 404)


def limit_misses(app: Flask, limiter: Limiter, endpoints: Iterable[str]) -> None:
    """Let nobody try keys on these views.

    Only misses count against an address: a whole town behind one mobile operator's
    address may watch its orders.
    """
    for endpoint in endpoints:
        misses = limiter.limit(
            MISSES, deduct_when=lambda response: response.status_code == 404
        )
        limit_view(app, endpoint, misses)
