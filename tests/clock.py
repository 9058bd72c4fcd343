"""A clock that a test sets."""

from freezegun.api import FrozenDateTimeFactory, StepTickTimeFactory, TickingDateTimeFactory

Clock = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory
