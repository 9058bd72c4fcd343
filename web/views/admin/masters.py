"""Masters in the panel: who waits to be let in, who works, on what terms."""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.actions.staff import Edit, Saved, Shown
from record.reports import periods
from record.reports.periods import MasterSums, Period
from record.store import Tx
from record.values import NOBODY, Status
from web.forms.panel import percent_edit
from web.site import clock, site
from web.views.admin.frame import SAME, blueprint, page, panel

DAYS = 30
DONE = {
    "on": "Мастер допущен к заявкам: ему придут приветствие и новые заявки.",
    "off": "Мастер отключён: новых заявок не получит, начатые доделает.",
    "rate": "Комиссия сохранена. Она действует с первой цены, которую назовут теперь.",
}


@dataclass(frozen=True)
class Card:
    """A master as the page shows him: what he did of late, whether he can be reached."""

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
    """Let a master in, leave him out, or set his commission.

    Where a person has changed that cell meanwhile, both values are shown.
    """
    act = request.form.get("act", "")
    edit, wrong = _edit(act, master_id)
    if wrong:
        return _masters_page(HTTPStatus.UNPROCESSABLE_ENTITY, wrong=(master_id, wrong))
    edits = [edit] if edit else []
    saved = panel().edit_master(master_id, edits)
    if saved.refusal == "gone":
        abort(404)
    if saved.refusal:
        return _masters_page(HTTPStatus.CONFLICT, saved=(master_id, saved))
    flash(DONE[act] if saved.changed else SAME)
    return redirect(url_for("admin.masters"), HTTPStatus.SEE_OTHER)


def _edit(act: str, master_id: str) -> tuple[Edit | None, str]:
    """Return the edit that a button means, and what is wrong with what was typed."""
    seen = request.form.get("seen", "")
    if act in ("on", "off"):
        return Edit("Активен", seen, act == "on"), ""
    if act != "rate":
        abort(HTTPStatus.BAD_REQUEST)
    with site().store.reading() as tx:
        shown = staff.master(tx, master_id)
    percent = shown.master.percent if shown else None
    return percent_edit(request.form.get("percent", ""), seen, percent)


def _masters_page(
    status: int = 200,
    wrong: tuple[str, str] = ("", ""),
    saved: tuple[str, Saved] | None = None,
) -> Response:
    with site().store.reading() as tx:
        cards = _cards(tx)
    hopefuls = []
    active = []
    for card in cards:
        if card.shown.master.active:
            active.append(card)
        else:
            hopefuls.append(card)
    return page(
        "masters.html",
        status,
        hopefuls=hopefuls,
        active=active,
        wrong=wrong,
        saved=saved,
        percent=site().settings.commission.percent,
        days=DAYS,
    )


def _cards(tx: Tx) -> list[Card]:
    """Return a card of every master."""
    period = Period.last(DAYS, clock().date())
    done = tx.search.done(period.since, period.until)
    sums = {}
    for line in periods.by_master(period, done, [], tx.masters.roster()):
        sums[line.master_id] = line
    in_work = tx.orders.find(status=Status.WORK, limit=1000)
    working = Counter(order.master_id for order in in_work)
    quiet = tx.masters.quiet()
    unreachable = tx.masters.unreachable("master")
    cards = []
    for shown in staff.masters(tx):
        master = shown.master
        cards.append(
            Card(
                shown,
                sums.get(master.id),
                working[master.id],
                master.id in quiet,
                unreachable.get(master.chat or NOBODY, ""),
            )
        )
    return cards
