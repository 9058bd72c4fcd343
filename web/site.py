"""What every view works with: the settings, the store, and the acts on it."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app

from record.actions.orders import Actions
from record.settings import Settings
from record.store import Store


@dataclass(frozen=True)
class Site:
    """One running site; ``started`` is in epoch seconds."""

    settings: Settings
    store: Store
    actions: Actions
    started: float

    @classmethod
    def of(cls, settings: Settings, store: Store) -> "Site":
        """Return a site on this store."""
        return cls(settings, store, Actions(store, settings), time.time())


def site_of(app: Flask) -> Site:
    """Return what this application works with."""
    return cast("Site", app.extensions["naryad"])


def site() -> Site:
    """Return the site whose request is being answered."""
    return site_of(current_app)


def clock() -> datetime:
    """Return the company's wall clock."""
    return datetime.now(site().settings.zone).replace(tzinfo=None)
