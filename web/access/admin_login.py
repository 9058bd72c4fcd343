"""Trying a password of the panel: each attempt counted, few judged at once.

Whoever guesses it slows himself only. A device on which it was typed rightly once bears
a signed cookie, and is counted and served apart from everybody else; strangers are
counted by address, and many of them together stand in a queue that takes few of the
site's threads.
"""

# Flask-Limiter bounds the requests to the password form too, but can't do the counting
# here: what is counted are wrong passwords, a right one forgives them, they must outlive
# a restart, and one that is not judged does not count.

import secrets
import time
from enum import Enum, auto

from flask import request
from itsdangerous import BadSignature
from werkzeug.wrappers import Response as AnyResponse

from record.logs import get_logger
from web.access.passwords import fits
from web.access.security import client_address, signer
from web.access.sessions import DAY, cookie_name, put_cookie
from web.concurrency import ConcurrencyLimit
from web.site import site

log = get_logger(__name__)
PANEL = "admin"  # which entry the store counts attempts for
WINDOW_S = 900.0
BY_ADDRESS, BY_DEVICE = 5, 10  # wrong passwords within the window
QUESTIONS, QUESTIONS_OF_ALL = 5, 15  # to one person within the window
CROWD = 100  # of all strangers within the window: then each of them is answered slowly
PACE_S = 1.0
SOON_S = 10.0  # when a stranger for whom there was no slot may come again
DEVICE_S = 365 * DAY
SALT = "naryad admin's device"
# hashing takes 32 MB and a tenth of a second of a core
STRANGERS = ConcurrencyLimit(2, queue=2, wait_s=5.0)
KNOWN = ConcurrencyLimit(1, queue=2, wait_s=10.0)


class Verdict(Enum):
    """What came of trying a password."""

    RIGHT = auto()
    WRONG = auto()
    TOO_MANY = auto()  # wrong passwords from this device or address
    CROWDED = auto()  # too many people try at this moment


def try_password(password: str, kept: str) -> Verdict:
    """Judge a password by the hash that is kept of the right one.

    The attempt is counted before it is judged, so that many at once can't slip through.
    """
    is_known = bool(device_name())
    by = attempted_by()
    allowed, judging = BY_ADDRESS, STRANGERS
    if is_known:
        allowed, judging = BY_DEVICE, KNOWN
    now = time.time()
    with site().store.transaction() as tx:
        attempt = tx.attempts.begin(PANEL, by, now)
        own = tx.attempts.count(PANEL, now - WINDOW_S, by)
        of_all = tx.attempts.count(PANEL, now - WINDOW_S)
        if own > allowed:
            tx.attempts.take_back(attempt)
            log.warning("admin_entry_refused", by=by, attempts=own)
            return Verdict.TOO_MANY
    with judging.slot() as may_judge:
        if not may_judge:
            with site().store.transaction() as tx:
                tx.attempts.take_back(attempt)
            log.warning("admin_entry_crowded", by=by)
            return Verdict.CROWDED
        # many addresses that try together are slowed as one, the owner's device is not
        if of_all > CROWD and not is_known:
            time.sleep(PACE_S)
        is_right = fits(password, kept)
    if not is_right:
        log.warning("admin_entry_failed", by=by, attempts=own)
        return Verdict.WRONG
    with site().store.transaction() as tx:
        tx.attempts.forgive(PANEL, by)
    return Verdict.RIGHT


def may_ask(key: str) -> bool:
    """Return whether this browser may ask a member of staff once more whether it is he.

    Who knows the password must not wear him down with questions, nor keep him out: his
    own devices are counted apart.
    """
    by, now = attempted_by(), time.time()
    door = f"second {key}"
    with site().store.transaction() as tx:
        attempt = tx.attempts.begin(door, by, now)
        own = tx.attempts.count(door, now - WINDOW_S, by)
        of_all = tx.attempts.count(door, now - WINDOW_S)
        may = own <= QUESTIONS and (of_all <= QUESTIONS_OF_ALL or bool(device_name()))
        if not may:
            tx.attempts.take_back(attempt)
    if not may:
        log.warning("admin_entry_refused", by=by, attempts=own)
    return may


def attempted_by() -> str:
    """Return whose attempts these are: a known device's, or an address's."""
    device = device_name()
    if device:
        return f"device {device}"
    return client_address()


def device_name() -> str:
    """Return the name of this browser's device, "" where nobody ever signed in on it."""
    # the cookie opens nothing: it only tells the owner's devices from strangers'
    cookie = request.cookies.get(cookie_name("device"), "")
    try:
        name = signer(SALT).unsign(cookie, max_age=int(DEVICE_S))
    except BadSignature:
        return ""
    return name.decode("ascii", "replace")


def remember_device(response: AnyResponse) -> None:
    """Know this browser's device again; it keeps its name."""
    name = device_name() or secrets.token_urlsafe(9)
    put_cookie(response, "device", signer(SALT).sign(name).decode(), DEVICE_S)
