"""Every way Naryad can fail that a person may have to act on.

NaryadError                 one line in Russian that says what to do
├── SettingsError           config.toml or .env can't be used
├── StoreError              the local store can't be opened or written
├── TooMany                 one chat has sent more orders than people do
└── SheetError              Google Sheets did not do what was asked
    ├── SheetBusy           trying again later helps: 429, 5xx, time-out, lost connection
    │   ├── SheetUnclear    a write's answer was lost: it may have taken effect
    │   └── SheetResting    nothing is wrong: our own share of Google's quota comes back in a moment
    ├── SheetDenied         only a person can mend it: key revoked, sheet unshared or deleted
    ├── SheetProtected      some cells may not be written until a person allows it
    │   └── SheetFull       the same of new rows: the spreadsheet holds as many cells as Google allows
    └── SheetBroken         the worksheet is not as it must be: tab gone, header missing
"""


class NaryadError(Exception):
    """Something a person has to know; its text is one Russian line: what to do."""


class SettingsError(NaryadError):
    """The settings can't be used; the text lists every bad key and what is expected."""


class StoreError(NaryadError):
    """The local store can't be opened, read or written."""


class TooMany(NaryadError):
    """One chat has sent more orders within an hour than people do."""


class SheetError(NaryadError):
    """Google Sheets did not do what was asked.

    ``cause`` names the kind of trouble; it stays the same while figures in its words
    change, so that each kind is told once.
    """

    def __init__(self, said: str, *, cause: str = "") -> None:
        super().__init__(said)
        self.cause = cause


class SheetBusy(SheetError):
    """Google did not answer or asked to wait; the same request may succeed later."""


# below SheetBusy, since waiting and looking again is right for both
class SheetUnclear(SheetBusy):
    """A write's answer was lost: it may have taken effect. Look before writing again."""


class SheetResting(SheetBusy):
    """Our own share of Google's quota is used up for a moment; nothing is wrong."""


class SheetProtected(SheetError):
    """Google refuses to change protected cells; other writes may succeed."""


# below SheetProtected: only the writes it concerns are put aside, the others go on
class SheetFull(SheetProtected):
    """The spreadsheet has no room for new rows; those that are there can be written."""


class SheetDenied(SheetError):
    """Google refuses until a person mends the key, the sharing or the spreadsheet's id."""


class SheetBroken(SheetError):
    """The spreadsheet can't be trusted: a worksheet or header is missing or doubled."""
