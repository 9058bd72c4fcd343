"""What must be said to whom because of a change. Pure.

| to     | kind              | said when                                            | facts                   |
|--------|-------------------|------------------------------------------------------|-------------------------|
| master | order_new         | an order is offered to all                           |                         |
| master | assigned          | staff gave him an order                              |                         |
| master | card              | an order on his card has changed (edited, silently)  |                         |
| master | taken_away        | staff gave his order to somebody else, or to nobody  | master                  |
| master | cancelled         | an order of his was cancelled                        |                         |
| master | removed           | an order of his was deleted from the sheet           |                         |
| master | details_changed   | phone, address, name or problem were corrected       | columns                 |
| master | finished          | staff marked his order as done                       |                         |
| master | refused           | staff changed the sheet meanwhile: his press is void | column, value           |
| master | activated         | staff ticked «Активен»                               |                         |
| master | deactivated       | staff unticked «Активен»                             |                         |
| client | accepted          | a master comes                                       | master, phone           |
| client | reassigned        | another master comes                                 | master, phone           |
| client | searching         | the master can't come, another is being looked for   |                         |
| client | done              | the work is done                                     | price ("" = not yet)    |
| client | price             | the price of a finished order was set or corrected   | price                   |
| client | cancelled         | the order was cancelled, not by the client           |                         |
| admin  | master_registered | a new master waits for «Активен»                     | name, phone, speciality |
| admin  | no_masters        | an order came and no active master can be told       |                         |
| admin  | alarm, alarm_over | something needs a person; it is mended               | text                    |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CARD_KINDS = frozenset({"order_new", "assigned"})


@dataclass(frozen=True)
class Notice:
    """Who must be told what. ``to``: master, client or admin; ``recipient``: a master's ID or a chat id.

    ``key`` makes the notice unique: the same one is never queued twice. ``facts`` are what its text needs beside
    the order as it stands when the notice is sent.
    """

    key: str
    to: str
    recipient: str
    kind: str
    order_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
