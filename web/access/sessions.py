"""Entering the signed-in pages: cookies with random secrets, sessions in the store,
limits on trying.

A session is made anew at every entry, ends by idleness and by age, and holds only while
what it is bound to holds: the admin's password, the master's being active in the chat
to which his link was sent.

Whoever guesses the admin's password slows himself only. A device on which it was typed
rightly once bears a signed cookie, and is counted and served apart from everybody else;
strangers are counted by address, and many of them together stand in a queue that takes
few of the site's threads.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Literal

from flask import Response, request, session
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as AnyResponse

from record.dispatch.model import Master
from record.dispatch.permissions import Act, barred, standing
from record.logs import get_logger
from record.store import Tx
from record.store.entry import Role
from web.access.passwords import fits
from web.access.security import client_address
from web.concurrency import ConcurrencyLimit
from web.site import site

log = get_logger(__name__)
HOUR, DAY = 3600.0, 86_400.0
IDLE_S: dict[Role, float] = {"admin": 2 * HOUR, "master": 3 * DAY}
WHOLE_S: dict[Role, float] = {"admin": 12 * HOUR, "master": 14 * DAY}
SEEN_S = 60.0
PANEL = "admin"
WINDOW_S = 900.0
BY_ADDRESS, BY_DEVICE = 5, 10  # wrong passwords within the window
CROWD = 100  # of all strangers within the window: then each of them is answered slowly
PACE_S = 1.0
SOON_S = 10.0  # when a stranger who found no place may come again
DEVICE_S = 365 * DAY
# hashing takes 32 MB and a tenth of a second of a core
STRANGERS = ConcurrencyLimit(2, queue=2, wait_s=5.0)
KNOWN = ConcurrencyLimit(1, queue=2, wait_s=10.0)


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is in: ``master`` is None for the admin."""

    role: Role
    master: Master | None = None


def signed_in(role: Role, *, acting: bool = True) -> SignedIn | None:
    """Return who is in by the cookie of this request, or None; what a page asks by
    itself is not ``acting``.
    """
    token = request.cookies.get(cookie_name(role), "")
    if not token:
        return None
    now = time.time()
    with site().store.reading() as tx:
        found = tx.sessions.find(role, token)
        ended = (
            found is None
            or now - found.seen_at > IDLE_S[role]
            or now - found.made_at > WHOLE_S[role]
        )
        if found is None or ended:
            return None
        entered = _still_valid(tx, role, found.subject, found.bound)
    if entered and acting and now - found.seen_at > SEEN_S:
        with site().store.transaction() as tx:
            tx.sessions.seen(token, now)
    return entered


def _still_valid(tx: Tx, role: Role, subject: str, bound: str) -> SignedIn | None:
    """Return who a session stands for, as long as what it is bound to holds."""
    if role == "admin":
        return (
            SignedIn("admin")
            if hmac.compare_digest(bound, password_fingerprint())
            else None
        )
    master = tx.masters.roster().get(subject)
    if (
        master is None
        or barred(standing(master), Act.DASHBOARD)
        or str(master.chat) != bound
    ):
        return None
    return SignedIn("master", master)


def sign_in(response: AnyResponse, role: Role, subject: str, bound: str) -> None:
    """Let this browser in: a new session, whatever cookie it came with, and a new
    secret for its forms.
    """
    now = time.time()
    with site().store.transaction() as tx:
        tx.sessions.close(request.cookies.get(cookie_name(role), ""))
        tx.sessions.forget(role, now - WHOLE_S[role], now - IDLE_S[role])
        token = tx.sessions.open(role, subject, bound, now)
    session.pop("csrf_token", None)
    _put_cookie(response, role, token, WHOLE_S[role])


def sign_out(response: Response, role: Role) -> None:
    """End the session of this browser, in the store too."""
    with site().store.transaction() as tx:
        tx.sessions.close(request.cookies.get(cookie_name(role), ""))
    session.pop("csrf_token", None)
    _put_cookie(response, role, "", 0)


def _put_cookie(
    response: AnyResponse, what: Role | Literal["device"], token: str, lasts: float
) -> None:
    name = cookie_name(what)
    response.set_cookie(
        name,
        token,
        max_age=int(lasts),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=_by_https(),
    )


def cookie_name(what: Role | Literal["device"]) -> str:
    """Return the cookie's name; over https one that a browser takes from this very host
    only.
    """
    return f"{'__Host-' if _by_https() else ''}naryad-{what}"


def _by_https() -> bool:
    return site().settings.web.public_url.startswith("https://")


# The admin's password


def password_fingerprint() -> str:
    """Return what sessions of the admin are bound to: it changes with the password."""
    kept = site().settings.admin_password_hash.get_secret_value()
    return hashlib.sha256(kept.encode()).hexdigest()[:32] if kept else ""


def has_password() -> bool:
    """Say whether a password was ever set; without one nobody can enter."""
    return bool(password_fingerprint())


def try_password(password: str) -> str:
    """Return "" where the password is right, "wrong", "wait" after too many attempts,
    "crowd" where others try too.

    Each attempt is counted before it is judged, so that many at once can't slip
    through; one that is not judged does not count.
    """
    known, guest, now = bool(device_name()), attempted_by(), time.time()
    with site().store.transaction() as tx:
        attempt = tx.attempts.begin(PANEL, guest, now)
        mine = tx.attempts.count(PANEL, now - WINDOW_S, guest)
        crowd = not known and tx.attempts.count(PANEL, now - WINDOW_S) > CROWD
        if mine > (BY_DEVICE if known else BY_ADDRESS):
            tx.attempts.take_back(attempt)
            log.warning("admin_entry_refused", by=guest, attempts=mine)
            return "wait"
    with (KNOWN if known else STRANGERS).slot() as mine_now:
        if not mine_now:
            with site().store.transaction() as tx:
                tx.attempts.take_back(attempt)
            log.warning("admin_entry_crowded", by=guest)
            return "crowd"
        if crowd:
            time.sleep(PACE_S)
        right = fits(password, site().settings.admin_password_hash.get_secret_value())
    if not right:
        log.warning("admin_entry_failed", by=guest, attempts=mine)
        return "wrong"
    with site().store.transaction() as tx:
        tx.attempts.forgive(PANEL, guest)
    log.info("admin_entered", by=guest)
    return ""


# The admin's devices


def attempted_by() -> str:
    """Return whose attempts these are: a known device's, or an address's."""
    known = device_name()
    return f"device {known}" if known else client_address()


def device_name() -> str:
    """Return the name of this browser's device, "" where nobody ever entered on it; the
    cookie opens nothing.
    """
    try:
        name = _signer().unsign(
            request.cookies.get(cookie_name("device"), ""), max_age=int(DEVICE_S)
        )
    except BadSignature:
        return ""
    return name.decode("ascii", "replace")


def remember_device(response: AnyResponse) -> None:
    """Know this browser's device again; it keeps its name."""
    name = device_name() or secrets.token_urlsafe(9)
    _put_cookie(response, "device", _signer().sign(name).decode(), DEVICE_S)


def _signer() -> TimestampSigner:
    return TimestampSigner(
        site().settings.secret_key.get_secret_value(), salt="naryad admin's device"
    )
