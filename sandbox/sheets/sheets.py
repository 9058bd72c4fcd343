"""All of Google's side: the spreadsheets, who may open them, and how often."""

from flask import Blueprint

from sandbox.documents import Documents
from sandbox.sheets.access import Access
from sandbox.sheets.api import sheets_blueprint
from sandbox.sheets.drive import drive_blueprint
from sandbox.sheets.library import Library
from sandbox.sheets.oauth import oauth_blueprint
from sandbox.sheets.quota import Quota
from sandbox.sheets.service import Service


class Sheets:
    """The stand-in for Google."""

    def __init__(self, documents: Documents) -> None:
        """Serve what the documents hold."""
        self.library = Library(documents)
        self.access = Access()
        self.quota = Quota()

    def reset(self) -> None:
        """Only the empty demo spreadsheet, everyone allowed, no quota."""
        self.library.reset()
        self.access.reset()
        self.quota.reset()

    def blueprints(self) -> list[Blueprint]:
        """Sheets, Drive, and the token endpoint."""
        service = Service(self.library, self.access)
        return [
            sheets_blueprint(service, self.access, self.quota),
            drive_blueprint(self.library, self.access),
            oauth_blueprint(self.access),
        ]
