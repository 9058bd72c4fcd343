"""One person's data in the panel: what is known of him, and the button that erases it."""

from http import HTTPStatus

from flask import Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.forgetting import Forgetting, Known, proof
from record.values import Unclear
from web.forms.order import phone_error
from web.site import site
from web.views.admin.frame import blueprint, page

BEGUN = "Стираю. Обычно это занимает минуту: обновите страницу, и внизу появится акт."
NOT_SURE = "Отметьте, что стереть нужно и вернуть будет нельзя."
IN_WORK = "Сначала закройте или отмените его заявки, или отметьте «и незаконченные»."


@blueprint.get("/admin/person")
def person() -> Response:
    """Ask for a phone."""
    return _page("")


@blueprint.post("/admin/person")
def person_found() -> Response:
    """Show what is known of a phone; it is posted, so that it stands in no address."""
    return _page(request.form.get("phone", "").strip())


@blueprint.post("/admin/person/forget")
def person_forgotten() -> AnyResponse:
    """Begin to erase a person; the worker does it."""
    typed = request.form.get("phone", "").strip()
    acts = Forgetting(site().store, site().settings)
    try:
        known = acts.look(typed)
    except Unclear as unclear:
        return _page(typed, phone_error(unclear))
    if not request.form.get("sure"):
        return _page(typed, NOT_SURE)
    if known.in_work and not request.form.get("even_in_work"):
        return _page(typed, IN_WORK)
    acts.begin(known, str(g.signed_in.actor))
    flash(BEGUN)
    return redirect(url_for("admin.person"), HTTPStatus.SEE_OTHER)


def _page(typed: str, wrong: str = "") -> Response:
    known: Known | None = None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    if typed:
        try:
            known = Forgetting(site().store, site().settings).look(typed)
        except Unclear as unclear:
            wrong, status = phone_error(unclear), HTTPStatus.UNPROCESSABLE_ENTITY
    with site().store.reading() as tx:
        acts = tx.forgets.latest()
    zone = site().settings.zone
    return page(
        "person.html",
        status,
        typed=typed,
        wrong=wrong,
        known=known,
        waiting=[act.id for act in acts if act.state != "done"],
        proofs=[proof(act, zone) for act in acts if act.state == "done"],
    )
