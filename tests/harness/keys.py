"""A service account's key file, as Google Cloud Console gives it, for the token endpoint of the sandbox."""

import json
from functools import cache
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ACCOUNT = "naryad@company.iam.gserviceaccount.com"
NUMBERS = count(1)


class Key:
    """The file where the system looks for its key."""

    def __init__(self, file: Path, sandbox: str) -> None:
        self.file = file
        self._sandbox = sandbox
        self.id = ""
        self.put()

    def put(self) -> None:
        """Put a new key of the account in the place of what was there."""
        self.id = f"key{next(NUMBERS)}"
        self.write(json.dumps(self._content()))

    def write(self, text: str) -> None:
        """Put anything there, in one stroke."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.file)

    def _content(self) -> dict[str, str]:
        return {
            "type": "service_account",
            "project_id": "company",
            "private_key_id": self.id,
            "private_key": _private_key(),
            "client_email": ACCOUNT,
            "client_id": "1",
            "token_uri": f"{self._sandbox}/token",
        }


@cache
def _private_key() -> str:
    """Return one key for all tests: the sandbox looks at its id, never at the signature."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return made.private_bytes(*form).decode()
