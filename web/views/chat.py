"""The chat: the consultant answers at once; where it does not know, a person of the
company does.
"""

from collections.abc import Sequence

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record import values
from record.actions.talks import TalkActions
from record.store import Line
from web.access.security import limit_view, never_cached
from web.consultant import Consultant
from web.forms.order import LIMITS, clean
from web.site import site

blueprint = Blueprint("chat", __name__)
blueprint.after_request(never_cached)
LIMIT = 500  # characters of one question
ASKED = "20/minute;200/hour"
CALLED = "5/hour"


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; what one address may ask is limited."""
    app.register_blueprint(blueprint)
    limit_view(app, "chat.say", limiter.limit(ASKED))
    limit_view(app, "chat.ask_person", limiter.limit(CALLED))


@blueprint.get("/ai-chat.html")
def page() -> Response:
    """Show the talk as it stands, also after a reload; a link may bring a question
    along.
    """
    session.permanent = True
    asked = clean(request.args.get("q", ""), LIMIT)
    return make_response(
        render_template("ai-chat.html", **_talk(), asked=asked, limit=LIMIT)
    )


@blueprint.post("/ai-chat.html")
def say() -> AnyResponse:
    """Take a question and answer it."""
    if said := clean(request.form.get("text", ""), LIMIT, lines=True):
        session.permanent = True
        session["talk"] = _acts().said(_secret(), said, _consultant().answer)
    return _shown()


@blueprint.post("/ai-chat/person")
def ask_person() -> AnyResponse:
    """Hand the talk over to a person of the company."""
    _acts().ask_person(
        _secret(), _phone(clean(request.form.get("phone", ""), LIMITS["phone"]))
    )
    return _shown()


def _phone(typed: str) -> str:
    """Return the phone to call, and all that was written where it says more; what is no
    phone as it was written.
    """
    try:
        found = values.spoken_phone(typed, site().settings.company.default_region)
    except values.Unclear:
        return typed
    words = f" («{typed}»)" if found and found.more else ""
    return f"{found.phone}{words}" if found else ""


@blueprint.get("/ai-chat/live")
def live() -> AnyResponse:
    """Return the talk, or nothing where it stands as the page shows it."""
    talk = _talk()
    if request.args.get("seen") == talk["seen"]:
        return make_response("", 204)
    return make_response(render_template("parts/talk.html", **talk))


def _shown() -> AnyResponse:
    """Answer a form: with the talk alone to a script, with the whole page to a browser
    without any.
    """
    if request.headers.get("HX-Request"):
        return make_response(render_template("parts/talk.html", **_talk()))
    return redirect(url_for("chat.page", _anchor="last"), 303)


def _talk() -> dict[str, object]:
    consultant = _consultant()
    lines, asked = _acts().lines(_secret())
    last = lines[-1].speech if lines else None
    near = last.near if last else consultant.openings()
    about = {
        line.speech.about: consultant.service(line.speech.about)
        for line in lines
        if line.speech.about
    }
    seen = f"{last_id(lines)}{'p' if asked else ''}"
    return {
        "lines": lines,
        "near": near,
        "about": about,
        "waiting": asked,
        "people": _acts().has_people,
        "seen": seen,
    }


def last_id(lines: Sequence[Line]) -> int:
    """Return the number of the last line, 0 where there is none."""
    return lines[-1].id if lines else 0


def _secret() -> str:
    return str(session.get("talk", ""))


def _acts() -> TalkActions:
    return TalkActions(site().store, site().settings)


def _consultant() -> Consultant:
    return Consultant(site().store, site().settings)
