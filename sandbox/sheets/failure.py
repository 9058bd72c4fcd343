"""What a formula shows that has no value:
https://developers.google.com/sheets/api/reference/rest/v4/ErrorType.
"""

from typing import Self


class Failure(str):
    """The text a person sees, such as #REF!, with the kind and message of the API."""

    __slots__ = ("kind", "message")
    kind: str
    message: str

    def __new__(cls, text: str, kind: str, message: str) -> Self:
        """Show `text`."""
        made = super().__new__(cls, text)
        made.kind, made.message = kind, message
        return made


LOADING = Failure("Loading...", "LOADING", "Loading...")
CIRCULAR = Failure(
    "#REF!",
    "REF",
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
)
_UNREADABLE = Failure("#ERROR!", "ERROR", "Formula parse error.")
_KINDS = {
    "Div": Failure(
        "#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."
    ),
    "Value": Failure("#VALUE!", "VALUE", "A parameter cannot be coerced to a number."),
    "Ref": Failure("#REF!", "REF", "Reference does not exist."),
    "Name": Failure("#NAME?", "NAME", "Unknown function or range name."),
    "Num": Failure("#NUM!", "NUM", "The result is not a valid number."),
    "Na": Failure("#N/A", "N_A", "Did not find value in the evaluation."),
    "Circ": CIRCULAR,
    "Null": LOADING,
}


def failure(kind: str) -> Failure:
    """What the engine's error of a kind looks like."""
    return _KINDS.get(kind, _UNREADABLE)
