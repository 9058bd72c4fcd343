"""Orders that nobody was offered: who could be, and why nobody was. Pure.

An order is offered while somebody who may take it has its card, or will have it in a
moment. Whatever the reason why nobody has (all asked for quiet, left the bot, are not
active, the last of them a second ago), it is seen from how things stand, not from what
led there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from record.dispatch.model import Master, Roster
from record.dispatch.notices import Notice
from record.dispatch.reach import UNCONNECTED, Reach, why

NAMED = 10
LISTED = 200
ALONE = 3  # so many orders have a message each; more at once are told in one
HELP = "Позвоните кому-нибудь из них; как только мастер сможет получать заявки, эта уйдёт ему сама"
NOBODY = "на листе «Мастера» никого нет. Впишите мастера и поставьте «Активен», и заявка уйдёт ему сама"


@dataclass(frozen=True)
class Lacking:
    """An order that nobody is offered, since the change number ``round``.

    ``giver``: the ID of the master who gave it back and is not offered it again, or "".
    """

    order_id: str
    round: int
    giver: str = ""


@dataclass(frozen=True)
class Crew:
    """The masters with what keeps each of them from being offered anything."""

    roster: Roster
    quiet: frozenset[str] = frozenset()
    reach: Reach = field(default_factory=Reach)

    def able(self) -> list[str]:
        """Return the IDs of those who may take an order and can be written to, quiet or
        not.
        """
        return [
            master.id
            for master in self.roster.active()
            if not self.reach.silent(master)
        ]

    def listening(self, giver: str = "") -> list[str]:
        """Return the IDs of those who are to be offered orders now, but for the one who
        gave it back.
        """
        return [
            master_id
            for master_id in self.able()
            if master_id not in self.quiet and master_id != giver
        ]

    def why_not(self, giver: str = "") -> str:
        """Return in Russian why nobody is offered an order, each reason with its
        masters, and what to do.
        """
        if not self.roster.masters:
            return NOBODY
        groups: dict[str, list[str]] = {}
        for master in self.roster.masters:
            groups.setdefault(self._reason(master, giver), []).append(
                master.name or f"ID {master.id}"
            )
        said = [
            f"{reason}: {_listed(groups[reason])}"
            for reason in sorted(groups, key=_nearest_to_help)
        ]
        return f"{'; '.join(said)}. {HELP}"

    def _reason(self, master: Master, giver: str) -> str:
        if not master.active:
            return INACTIVE
        if not master.chat:
            return UNCONNECTED
        if reason := self.reach.silent(master):
            return why(reason)
        if master.id == giver:
            return GAVE_BACK
        return QUIET if master.id in self.quiet else UNDELIVERED


QUIET, GAVE_BACK, UNDELIVERED = (
    "«Не беспокоить»",
    "вернул эту заявку",
    "сообщение не дошло",
)
INACTIVE = "не активен"


def _nearest_to_help(reason: str) -> tuple[int, str]:
    """Sort those first who need only be asked."""
    order = [QUIET, UNDELIVERED, GAVE_BACK]
    last = [UNCONNECTED, INACTIVE]
    if reason in order:
        return order.index(reason), reason
    return (
        (len(order) + 1 + last.index(reason), reason)
        if reason in last
        else (len(order), reason)
    )


def _listed(names: list[str]) -> str:
    more = f" и ещё {len(names) - NAMED}" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def numbers(order_ids: Iterable[str]) -> str:
    """Return the numbers of orders as people write them."""
    found = list(order_ids)
    more = f" и ещё {len(found) - LISTED}" if len(found) > LISTED else ""
    return ", ".join(f"#{one}" for one in found[:LISTED]) + more


def reason(lacking: list[Lacking], crew: Crew) -> str:
    """Return what a monitor and `worker status` say while orders wait that nobody is
    offered, "" for none.
    """
    if not lacking:
        return ""
    which = numbers(one.order_id for one in lacking)
    return f"Заявки, которые никому не предложены ({len(lacking)}): {which}; {crew.why_not(_only_giver(lacking))}"


def _only_giver(lacking: list[Lacking]) -> str:
    givers = {one.giver for one in lacking}
    return givers.pop() if len(givers) == 1 else ""


def offer_of(order_id: str, round_: int, master_id: str) -> Notice:
    """Return the notice that offers an order to a master; it is the same however often
    it is asked for in a round.
    """
    return Notice(
        f"order_new:{order_id}:{round_}:{master_id}",
        "master",
        master_id,
        "order_new",
        order_id,
    )


def alarms(
    lacking: list[Lacking], crew: Crew, times: Mapping[str, int]
) -> dict[str, Notice]:
    """Return by order the notice that tells the admin of it; ``times`` says how often
    it was told before.
    """
    told = {
        one.order_id: f"{one.order_id}:{one.round}:{times.get(one.order_id, 0)}"
        for one in lacking
    }
    if len(lacking) <= ALONE:
        return {
            one.order_id: Notice(
                f"no_masters:{told[one.order_id]}",
                "admin",
                "",
                "no_masters",
                one.order_id,
                {"why": crew.why_not(one.giver)},
            )
            for one in lacking
        }
    text = f"⚠️ {reason(lacking, crew)}"
    together = Notice(
        f"no_masters:{told[lacking[0].order_id]}+",
        "admin",
        "",
        "alarm",
        facts={"text": text},
    )
    return dict.fromkeys(told, together)
