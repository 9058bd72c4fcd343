"""Talks of the site's chat in which a person was asked for, and a way to answer."""

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.talks import TalkActions
from web.forms.order import clean
from web.present.formats import wall_clock
from web.site import site
from web.views.admin.frame import blueprint, page

SHOWN = 50
LIMIT = 3000  # characters of one answer
SENT = "Ответ уже стоит в чате на сайте."


@blueprint.get("/admin/talks")
def talks() -> Response:
    """Show the talks, the one that a visitor spoke in last first."""
    with site().store.reading() as tx:
        found = tx.talks.latest(SHOWN)
    zone = site().settings.zone
    shown = [(talk, wall_clock(talk.at, zone)) for talk in found]
    return page("talks.html", talks=shown, limit=LIMIT)


@blueprint.post("/admin/talks/<int(max=2147483647):talk>")
def answer_talk(talk: int) -> AnyResponse:
    """Put an answer of staff into a talk."""
    said = clean(request.form.get("text", ""), LIMIT, lines=True)
    if said:
        acts = TalkActions(site().store, site().settings)
        if not acts.panel_answer(talk, said):
            abort(404)
        flash(SENT)
    return redirect(url_for("admin.talks", _anchor=f"talk-{talk}"), 303)
