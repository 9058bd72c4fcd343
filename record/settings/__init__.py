"""Settings: config.toml, the owner's file over it, .env, and the environment over all.

    config.toml   beside the code; a new version may bring another, so nobody edits it
    NARYAD_CONFIG names the owner's file, which holds only what is different
    .env          secrets, and any NARYAD_<SECTION>__<KEY>
    environment   the same names

A name that means nothing is an error wherever it stands: it is usually a slip, and
would change nothing in silence.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError as NoJson

from record.errors import SettingsError
from record.settings.expected import explain
from record.settings.files import (
    DOTENV,
    ENCODING,
    SHIPPED,
    merged,
    read_dotenv,
    read_toml,
)
from record.settings.names import SECRETS, misspelt, strangers
from record.settings.together import conflicts
from record.settings.whole import SANDBOX_TOKENS, Settings

# a single section comes from record/settings/sections.py
__all__ = ["Settings", "load_settings"]

REVIEWS = 'NARYAD_REVIEWS — список отзывов в JSON, например [{"name": "Елена", "text": "Спасибо!"}]'


def load_settings(path: str | None = None) -> Settings:
    """Return the settings of this machine; ``path`` replaces that of NARYAD_CONFIG.

    Raises:
        SettingsError: one line that names every bad key and what is expected there.
    """
    dotenv = read_dotenv(DOTENV)
    written = {**dotenv, **os.environ}
    owner = _owners_file(path or written.get("NARYAD_CONFIG", ""))
    values = read_toml(SHIPPED)
    if owner:
        values = merged(values, read_toml(owner))
    faults = _take_secrets_out(values)
    faults += misspelt(values)
    faults += strangers(os.environ)
    faults += strangers(dotenv, DOTENV.name)
    try:
        settings = _built({**values, **_secrets(written)})
    except ValidationError as error:
        faults += _explained(error, dotenv)
    except NoJson:
        # of a whole section in the environment strangers() has spoken already
        if "NARYAD_REVIEWS" in written:
            faults.append(REVIEWS)
    else:
        faults += conflicts(settings)
    if faults:
        named = owner or SHIPPED.name
        raise SettingsError(f"Настройки ({named}) не годятся: {'; '.join(faults)}")
    return settings


def _take_secrets_out(values: dict[str, Any]) -> list[str]:
    """Take secrets out of what the files of settings say; return what is said of them."""
    written = [name for name in SECRETS if values.pop(name, None)]
    return [f"{name} — секреты пишут в .env, не в файл настроек" for name in written]


def _owners_file(named: str) -> Path | None:
    """Return the owner's file, None where there is none.

    A config.toml where Naryad is started counts as his, unless it is the shipped one.
    """
    if named.strip():
        file = Path(named).expanduser()
    else:
        file = Path(SHIPPED.name)
        if not file.exists():
            return None
    # a named file that is not there is returned too: reading it says so
    if file.exists() and file.samefile(SHIPPED):
        return None
    return file


def _built(values: Mapping[str, Any]) -> Settings:
    """Return the settings.

    The sandbox's tokens stand in only where Telegram is not the real one.
    """
    settings = Settings(
        **{"_env_file": DOTENV, "_env_file_encoding": ENCODING, **values}
    )
    if not settings.telegram.api_url:
        return settings
    tokens: dict[str, SecretStr] = {}
    for field, token in SANDBOX_TOKENS.items():
        if not getattr(settings, field).get_secret_value():
            tokens[field] = SecretStr(token)
    return settings.model_copy(update=tokens)


def _secrets(written: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that are set, by their fields."""
    found: dict[str, str] = {}
    for field, name in SECRETS.items():
        value = written.get(name, "").strip()
        if value:
            found[field] = value
    return found


def _explained(error: ValidationError, dotenv: Mapping[str, str]) -> list[str]:
    """Return what pydantic complains of, and where it stands if not in a file."""
    said: list[str] = []
    for fault in error.errors():
        name = "NARYAD_" + "__".join(map(str, fault["loc"])).upper()
        sentence = explain(fault)
        if name in os.environ:
            sentence += f" ({name}, окружение)"
        elif name in dotenv:
            sentence += f" ({name}, {DOTENV})"
        said.append(sentence)
    return said
