"""What comes of one thing that a client did. Pure."""

from dataclasses import dataclass, field
from typing import Literal

from bots.client.kept import State
from bots.messages import Message

Act = Literal["", "place", "mine", "tie", "say", "person", "cancel", "forget"]


@dataclass(frozen=True)
class Turn:
    """What comes of one thing the person did.

    ``act`` is what must be done beside talking.
    """

    state: State
    messages: tuple[Message, ...] = ()
    act: Act = ""
    facts: dict[str, str] = field(default_factory=dict)
