"""What people do with orders. Each act is one local transaction; the sheet follows.

An act never talks to Google: it commits a write to the journal and wakes whoever
flushes it. What happens next (who must be told) is decided when the next poll sees the
change in the sheet, as if a person had typed it.
"""

from record.actions.client_acts import ClientActions
from record.actions.deliveries import DeliveryActions
from record.actions.master_acts import MasterActions
from record.actions.passing_on import PassingOn
from record.dispatch.waves import Answer, State, Wave
from record.watch import open_waves


class Actions(ClientActions, MasterActions, DeliveryActions, PassingOn):
    """All acts, on one store."""

    def decide_wave(
        self, number: int, *, send: bool, opened: int | None = None
    ) -> tuple[Answer, Wave | None]:
        """Take the admin's decision about a wave; the next polls carry it out.

        ``opened``: the second in which the wave was opened that the admin was asked
        about, None where that is not known.
        """
        state: State = "send" if send else "leave"
        with self._store.transaction() as tx:
            return open_waves.decide(tx, number, state, opened)
