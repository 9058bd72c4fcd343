"""The order form wherever it stands: under the greeting and under the calculator.

Its token is signed and says when the form was shown, since a visitor's word is no proof.
"""

# Why not Flask-WTF's token: that one is a visitor's, the same in all his forms for weeks.
# This one is a single form's, so that one sent twice is one order, and tells its age.

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import current_app, request, session
from itsdangerous import BadSignature

from record.actions.forms import SentForm
from web.access.security import signer
from web.forms.order import LIMITS, MULTILINE, TRAP, OrderForm, clean, read_order_form
from web.present.prices import PriceList
from web.site import site

SALT = "naryad order form"
PREFILLED = ("category", "problem")
STALE_S = 86_400
QUICKEST_S = 3  # four answers and a tick take a person longer


def new_form() -> OrderForm:
    """Return an empty form; a link may have filled some of it."""
    typed = {}
    for name in PREFILLED:
        text = request.args.get(name, "")
        typed[name] = clean(text, LIMITS[name], lines=name in MULTILINE)
    return OrderForm(typed, token=_new_token())


def sent_form(*, chosen: bool) -> OrderForm:
    """Return the form as it was sent.

    Who has ``chosen`` works in the calculator need not describe the problem too.
    """
    optional = {"problem"} if chosen else set()
    region = site().settings.company.default_region
    return read_order_form(request.form, region, optional=optional)


def order_form(form: OrderForm, prices: PriceList) -> Mapping[str, Any]:
    """Return what the template of the form needs."""
    # who gets a form shall be known again, even after closing the browser: by his
    # session the form is taken, and his order shown to him
    session.permanent = True
    return {
        "form": form,
        "limits": LIMITS,
        "trap": TRAP,
        "categories": _categories(form.values.get("category", ""), prices),
    }


def is_stale() -> bool:
    """Return whether the form lay before the visitor for more than a day."""
    try:
        signer(SALT).unsign(_sent_token(), max_age=STALE_S)
    except BadSignature as error:
        return _names_its_time(error)
    return False


def is_filled_quickly() -> bool:
    """Return whether the form came back faster than a person types, or without a token."""
    try:
        signer(SALT).unsign(_sent_token(), max_age=QUICKEST_S - 1)
    except BadSignature as error:
        return not _names_its_time(error)
    return True


def _names_its_time(error: BadSignature) -> bool:
    """Return whether a token, though no longer good, says when it was signed."""
    # so does one of an earlier key: without SECRET_KEY each start makes up a new one,
    # and a form opened before it is stale, not forged
    return bool(getattr(error, "date_signed", None))


def known_by(form: OrderForm, code: str) -> SentForm:
    """Return by what a sent form is known again; ``code``: the calculator's choice."""
    # two visitors may send the same words; without cookies nobody is told from another
    visitor = session.get("csrf_token", "") if has_cookies() else ""
    token, shown_at = _token_and_time()
    mine = f"{visitor}\0{code}\0{token}"
    sent = SentForm(form.digest(mine), shown_at=shown_at)
    if token:
        sent = replace(sent, token=_hash(token), mine=_hash(f"{visitor}\0{token}"))
    if visitor:
        sent = replace(sent, words=form.digest(f"{visitor}\0{code}"))
    return sent


def has_cookies() -> bool:
    """Return whether the browser has sent our cookie back."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def is_from_this_site() -> bool:
    """Return whether a browser that keeps no cookies has sent a form that we showed it.

    Its token proves that we made the form, and the browser's own word, which no page
    can forge, that the form stood on this site.
    """
    if has_cookies() or not _token_and_time()[0]:
        return False
    site_said = request.headers.get("Sec-Fetch-Site", "")
    if site_said:
        return site_said == "same-origin"
    return request.headers.get("Origin", "") == request.host_url.rstrip("/")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _token_and_time() -> tuple[str, float]:
    """Return the form's token and when it was made; nothing where it is none of ours."""
    token = _sent_token()
    try:
        said = signer(SALT).unsign(token).decode()
    except BadSignature:
        return "", 0.0
    _, _, moment = said.partition(".")
    # tokens of the release before this one say no moment
    return token, int(moment) / 1000 if moment.isdecimal() else 0.0


def renewed(form: OrderForm) -> OrderForm:
    """Return the form with a new token, so that it can be sent once more."""
    return replace(form, token=_new_token())


def _new_token() -> str:
    # to the millisecond: a visitor may order and open the form again within a second
    said = f"{secrets.token_urlsafe(9)}.{time.time_ns() // 1_000_000}"
    return signer(SALT).sign(said).decode()


def _sent_token() -> str:
    return request.form.get("form_token", "")


def _categories(chosen: str, prices: PriceList) -> list[str]:
    """Return what can be chosen: the company's own category, then those of «Услуги»."""
    # the first is for who does not know
    names = [site().settings.company.category]
    for offer in prices.offers:
        category = offer.service.category
        if category and category not in names:
            names.append(category)
    # a link may name one that staff have taken out of the sheet since
    if chosen and chosen not in names:
        names.append(chosen)
    return names
