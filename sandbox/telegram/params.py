"""Parameters of one request, whatever way they came.

https://core.telegram.org/bots/api#making-requests
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request

_INTEGER = re.compile(r"\s*([+-]?\d+)")
_TRUE = {"true", "yes", "1"}


@dataclass(frozen=True)
class Upload:
    """One uploaded file."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """Named arguments: strings as the real server sees them, and uploaded files."""

    values: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The argument as it was sent; empty when it was not."""
        return self.values.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the argument was sent at all."""
        return name in self.values

    def flag(self, name: str) -> bool:
        """A boolean argument: true, yes or 1 in any letter case."""
        return self.text(name).strip().lower() in _TRUE

    def number(self, name: str, default: int = 0) -> int:
        """An integer argument.

        Like the real server, text that is no number reads as zero.
        """
        if name not in self.values:
            return default
        found = _INTEGER.match(self.values[name])
        return int(found[1]) if found else 0

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        """An integer argument forced into the allowed range, as the real server does."""
        return min(max(self.number(name, default), low), high)

    def json(self, name: str, what: str) -> Any:
        """A JSON argument, None when absent.

        Text that is no JSON is refused, naming `what` it should be.
        """
        raw = self.text(name).strip()
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None


def from_json(body: object) -> dict[str, str]:
    """A JSON body as string arguments.

    Strings stay, the rest is JSON text, null is as if not sent.
    """
    if not isinstance(body, dict):
        raise bad_request("can't parse request body: object expected")
    return {
        str(name): _as_text(value) for name, value in body.items() if value is not None
    }


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
