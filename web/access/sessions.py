"""Sessions of the signed-in pages: a cookie with a random secret, the rest in the store.

A session is new at every sign-in, ends by idleness and by age, and is valid only while
what it is bound to holds: the password of the admin, or of the member of staff who is
named still; the master's being active in the chat to which his link was sent.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Literal

from flask import Response, current_app, request, session
from werkzeug.wrappers import Response as AnyResponse

from record.dispatch.model import Master
from record.dispatch.permissions import Act, barred, standing
from record.store import Tx
from record.store.entry import Role, Session
from record.values.actors import Actor, ActorKind
from web.site import site

# the last two open nothing by themselves
Cookie = Role | Literal["device", "entry"]
HOUR, DAY = 3600.0, 86_400.0
IDLE_S: dict[Role, float] = {"admin": 2 * HOUR, "master": 3 * DAY}
WHOLE_S: dict[Role, float] = {"admin": 12 * HOUR, "master": 14 * DAY}
# a page that is used a lot need not write to the store at every click
SEEN_S = 60.0


@dataclass(frozen=True)
class SignedIn:
    """Somebody who has signed in: ``master`` is None for staff.

    ``name`` of a member of staff is "" where all share one password.
    """

    role: Role
    master: Master | None = None
    name: str = ""

    @property
    def actor(self) -> Actor:
        """Who does what is done in the panel."""
        return Actor(ActorKind.PANEL, self.name)


def signed_in(role: Role, *, acting: bool = True) -> SignedIn | None:
    """Return who has signed in on this browser, or None.

    What a page asks by itself is not ``acting``: it does not keep a session awake.
    """
    token = request.cookies.get(cookie_name(role), "")
    if not token:
        return None
    now = time.time()
    with site().store.reading() as tx:
        found = tx.sessions.find(role, token)
        if found is None or _has_ended(found, role, now):
            return None
        somebody = _if_still_valid(tx, role, found)
    if somebody is None:
        return None
    if acting and now - found.seen_at > SEEN_S:
        with site().store.transaction() as tx:
            tx.sessions.seen(token, now)
    return somebody


def _has_ended(found: Session, role: Role, now: float) -> bool:
    is_idle = now - found.seen_at > IDLE_S[role]
    is_old = now - found.made_at > WHOLE_S[role]
    return is_idle or is_old


def _if_still_valid(tx: Tx, role: Role, found: Session) -> SignedIn | None:
    """Return who a session stands for, as long as what it is bound to holds."""
    if role == "admin":
        return _staff_if_still_valid(tx, found)
    master = tx.masters.roster().get(found.subject)
    if master is None or barred(standing(master), Act.DASHBOARD):
        return None
    # whoever holds the chat that staff took out of the sheet is no longer this master
    if str(master.chat) != found.bound:
        return None
    return SignedIn("master", master)


def _staff_if_still_valid(tx: Tx, found: Session) -> SignedIn | None:
    bound, name = password_fingerprint(), ""
    if found.subject:
        member = tx.staff.get(found.subject)
        if member is None:
            return None
        bound, name = member.bound, member.name
    # once anybody is named, nobody works without a name
    elif tx.staff.any():
        return None
    if bound and hmac.compare_digest(found.bound, bound):
        return SignedIn("admin", name=name)
    return None


def sign_in(response: AnyResponse, role: Role, subject: str, bound: str) -> None:
    """Let this browser in.

    Its session is a new one, whatever cookie it came with, and so is the secret of its
    forms: an attacker may have known both beforehand.
    """
    now = time.time()
    with site().store.transaction() as tx:
        tx.sessions.close(request.cookies.get(cookie_name(role), ""))
        tx.sessions.forget(role, now - WHOLE_S[role], now - IDLE_S[role])
        token = tx.sessions.open(role, subject, bound, now)
    session.pop("csrf_token", None)
    put_cookie(response, role, token, WHOLE_S[role])


def sign_out(response: Response, role: Role) -> None:
    """End the session of this browser, in the store too."""
    with site().store.transaction() as tx:
        tx.sessions.close(request.cookies.get(cookie_name(role), ""))
    session.pop("csrf_token", None)
    put_cookie(response, role, "", 0)


def put_cookie(response: AnyResponse, what: Cookie, value: str, lasts: float) -> None:
    """Let the browser keep a cookie that no script reads, for so many seconds."""
    response.set_cookie(
        cookie_name(what),
        value,
        max_age=int(lasts),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=_by_https(),
    )


def cookie_name(what: Cookie) -> str:
    """Return the cookie's name; over https a browser takes it from this very host only."""
    name = f"naryad-{what}"
    if _by_https():
        return f"__Host-{name}"
    return name


def _by_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def password_fingerprint() -> str:
    """Return what sessions of the admin are bound to: it changes with the password."""
    kept = site().settings.admin_password_hash.get_secret_value()
    if not kept:
        return ""
    return hashlib.sha256(kept.encode()).hexdigest()[:32]


def has_password() -> bool:
    """Return whether a password was ever set; without one nobody can sign in."""
    return bool(password_fingerprint()) or has_names()


def has_names() -> bool:
    """Return whether staff are named: then each enters under his own name only."""
    with site().store.reading() as tx:
        return tx.staff.any()
