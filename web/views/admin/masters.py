"""Masters in the panel: who waits to be let in, who works, on what terms."""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.actions.staff import Edit, Panel, Saved, Shown
from record.reports import periods
from record.reports.periods import MasterSums, Period
from record.values import NOBODY, Status
from web.forms.panel import percent_edit
from web.site import clock, site
from web.views.admin.frame import blueprint, page

DAYS = 30
DONE = {
    "on": "Мастер включён: ему придёт приветствие и новые заказы.",
    "off": "Мастер выключен: новых заказов не получит, начатые доделает.",
    "rate": "Комиссия сохранена. Она действует с первой цены, которую назовут теперь.",
}
SAME = "Ничего не изменилось: всё уже так."


@dataclass(frozen=True)
class Card:
    """A master as the page shows him: with what he did of late, and whether he can be
    reached.
    """

    shown: Shown
    sums: MasterSums | None
    working: int
    quiet: bool
    unreachable: str


@blueprint.get("/admin/masters")
def masters() -> Response:
    """List all masters, those who wait to be let in first."""
    return _masters_page()


@blueprint.post("/admin/masters/<master_id>")
def change_master(master_id: str) -> AnyResponse:
    """Let a master in, leave him out, or set his commission; where a person has changed
    that meanwhile, show both.
    """
    act = request.form.get("act", "")
    edit, wrong = _edit(act, master_id)
    if wrong:
        return _masters_page(HTTPStatus.UNPROCESSABLE_ENTITY, wrong=(master_id, wrong))
    saved = Panel(site().store).edit_master(master_id, [edit] if edit else [])
    if saved.refusal == "gone":
        abort(404)
    if saved.refusal:
        return _masters_page(HTTPStatus.CONFLICT, saved=(master_id, saved))
    flash(DONE[act] if saved.changed else SAME)
    return redirect(url_for("admin.masters"), HTTPStatus.SEE_OTHER)


def _edit(act: str, master_id: str) -> tuple[Edit | None, str]:
    seen = request.form.get("seen", "")
    if act in ("on", "off"):
        return Edit("Активен", seen, act == "on"), ""
    if act != "rate":
        abort(HTTPStatus.BAD_REQUEST)
    with site().store.reading() as tx:
        shown = staff.master(tx, master_id)
    return percent_edit(
        request.form.get("percent", ""), seen, shown.master.percent if shown else None
    )


def _masters_page(
    status: int = 200,
    wrong: tuple[str, str] = ("", ""),
    saved: tuple[str, Saved] | None = None,
) -> Response:
    period = Period.last(DAYS, clock().date())
    with site().store.reading() as tx:
        roster, quiet, lost = (
            tx.masters.roster(),
            tx.masters.quiet(),
            tx.masters.unreachable("master"),
        )
        sums = {
            line.master_id: line
            for line in periods.by_master(
                period, tx.search.done(period.since, period.until), [], roster
            )
        }
        working = Counter(
            order.master_id for order in tx.orders.find(status=Status.WORK, limit=1000)
        )
        cards = [
            Card(
                one,
                sums.get(one.master.id),
                working[one.master.id],
                one.master.id in quiet,
                lost.get(one.master.chat or NOBODY, ""),
            )
            for one in staff.masters(tx)
        ]
    return page(
        "masters.html",
        status,
        hopefuls=[card for card in cards if not card.shown.master.active],
        active=[card for card in cards if card.shown.master.active],
        wrong=wrong,
        saved=saved,
        percent=site().settings.commission.percent,
        days=DAYS,
    )
