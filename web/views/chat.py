"""The chat: the consultant answers at once; what it does not know, a person does."""

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
from web.access.security import limit_view, never_stored
from web.consultant import Consultant
from web.forms.order import LIMITS, clean
from web.site import site

blueprint = Blueprint("chat", __name__)
blueprint.after_request(never_stored)
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
    """Show the talk as it stands, also after a reload; a link may bring a question."""
    session.permanent = True
    asked = clean(request.args.get("q", ""), LIMIT)
    return make_response(
        render_template("ai-chat.html", **_talk(), asked=asked, limit=LIMIT)
    )


@blueprint.post("/ai-chat.html")
def say() -> AnyResponse:
    """Take a question and answer it."""
    said = clean(request.form.get("text", ""), LIMIT, lines=True)
    if said:
        session.permanent = True
        session["talk"] = _acts().said(_secret(), said, _consultant().answer)
    return _after_form()


@blueprint.post("/ai-chat/person")
def ask_person() -> AnyResponse:
    """Hand the talk over to a person of the company."""
    typed = clean(request.form.get("phone", ""), LIMITS["phone"])
    _acts().ask_person(_secret(), _phone(typed))
    return _after_form()


def _phone(typed: str) -> str:
    """Return the phone to call, with all that was written where that says more."""
    try:
        found = values.spoken_phone(typed, site().settings.company.default_region)
    except values.Unclear:
        # a person reads it, and may understand
        return typed
    if found is None:
        return ""
    if found.more:
        return f"{found.phone} («{typed}»)"
    return found.phone


@blueprint.get("/ai-chat/live")
def live() -> AnyResponse:
    """Return the talk, or nothing where it stands as the page shows it."""
    talk = _talk()
    if request.args.get("seen") == talk["seen"]:
        return make_response("", 204)
    return make_response(render_template("parts/talk.html", **talk))


def _after_form() -> AnyResponse:
    """Answer a form: with the talk to a script, with the whole page to a browser alone."""
    if request.headers.get("HX-Request"):
        return make_response(render_template("parts/talk.html", **_talk()))
    return redirect(url_for("chat.page", _anchor="last"), 303)


def _talk() -> dict[str, object]:
    """Return what the page shows of the talk, by the names of the template."""
    consultant = _consultant()
    lines, is_person_asked = _acts().lines(_secret())
    about = {}
    for line in lines:
        service = line.speech.about
        if service:
            about[service] = consultant.service(service)
    return {
        "lines": lines,
        "near": lines[-1].speech.near if lines else consultant.openings(),
        "about": about,
        "waiting": is_person_asked,
        "people": _acts().has_people,
        "seen": _seen(lines, is_person_asked=is_person_asked),
    }


def _seen(lines: Sequence[Line], *, is_person_asked: bool) -> str:
    """Return what changes whenever the talk does."""
    last = lines[-1].id if lines else 0
    if is_person_asked:
        return f"{last}p"
    return str(last)


def _secret() -> str:
    return str(session.get("talk", ""))


def _acts() -> TalkActions:
    return TalkActions(site().store, site().settings)


def _consultant() -> Consultant:
    return Consultant(site().store, site().settings)
