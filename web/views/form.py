"""The order form wherever it stands: under the greeting and under the calculator."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import current_app, request, session

from web.forms.order import LIMITS, MULTILINE, TRAP, OrderForm, clean, read_order_form
from web.forms.timing import expired, ours, stamped, typed_quickly
from web.present.prices import PriceList
from web.site import site

PREFILLED = ("category", "problem")


def new_form() -> OrderForm:
    """Return an empty form; a link may have filled some of it."""
    typed = {
        name: clean(request.args.get(name, ""), LIMITS[name], lines=name in MULTILINE)
        for name in PREFILLED
    }
    return OrderForm(typed, token=stamped(_key()))


def sent_form(*, chosen: bool) -> OrderForm:
    """Return the form as it was sent; who chose works in the calculator need not
    describe the problem too.
    """
    region = site().settings.company.default_region
    return read_order_form(
        request.form, region, optional=frozenset({"problem"}) if chosen else frozenset()
    )


def order_form(form: OrderForm, prices: PriceList) -> Mapping[str, Any]:
    """Return what the template of the form needs; a visitor who gets it can be known
    again.
    """
    session.permanent = True
    return {
        "form": form,
        "limits": LIMITS,
        "trap": TRAP,
        "categories": _categories(form.values.get("category", ""), prices),
    }


def stale() -> bool:
    """Say whether the form lay before the visitor for more than a day."""
    return expired(request.form.get("form_token", ""), _key())


def good_once() -> str:
    """Return the token of the form as the store knows it, "" where it is none of ours."""
    token = request.form.get("form_token", "")
    return hashlib.sha256(token.encode()).hexdigest() if ours(token, _key()) else ""


def renewed(form: OrderForm) -> OrderForm:
    """Return the form with a new token, so that it can be sent once more."""
    return replace(form, token=stamped(_key()))


def filled_quickly() -> bool:
    """Say whether the form came back faster than a person can type, or tells nothing of
    when it was shown.
    """
    return typed_quickly(request.form.get("form_token", ""), _key())


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _categories(chosen: str, prices: PriceList) -> list[str]:
    """Return what can be chosen: the company's own for who does not know, then those of
    «Услуги».
    """
    named = (
        offer.service.category for offer in prices.offers if offer.service.category
    )
    names = list(dict.fromkeys([site().settings.company.category, *named]))
    return names if chosen in ("", *names) else [*names, chosen]
