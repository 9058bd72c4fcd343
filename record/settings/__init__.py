"""Settings: the shipped config.toml, the owner's file over it, .env over that, and the
environment over all.

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
    DOTENV_ENCODING,
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
    """Return the settings of this machine; ``path`` stands for what NARYAD_CONFIG
    names.

    Raises:
        SettingsError: one line that names every bad key and what is expected there.
    """
    dotenv = read_dotenv(DOTENV)
    written = {**dotenv, **os.environ}
    owner = _owners(path or written.get("NARYAD_CONFIG", ""))
    values = merged(read_toml(SHIPPED), read_toml(owner) if owner else {})
    faults = [
        f"{name} — секреты пишут в .env, не в файл настроек"
        for name in SECRETS
        if values.pop(name, None)
    ]
    faults += misspelt(values)
    faults += strangers(os.environ)
    faults += strangers(dotenv, DOTENV.name)
    try:
        settings = _built({**values, **_secrets(written)})
    except ValidationError as error:
        faults += _explained(error, dotenv)
    except NoJson:  # of a whole section it is said already
        faults += [REVIEWS] if "NARYAD_REVIEWS" in written else []
    else:
        faults += conflicts(settings)
    if faults:
        raise SettingsError(
            f"Настройки ({owner or SHIPPED.name}) не годятся: {'; '.join(faults)}"
        )
    return settings


def _owners(named: str) -> Path | None:
    """Return the owner's file; a config.toml where Naryad is started counts as his,
    unless it is the shipped one.
    """
    file = Path(named).expanduser() if named.strip() else Path(SHIPPED.name)
    if not named.strip() and not file.exists():
        return None
    return None if file.exists() and file.samefile(SHIPPED) else file


def _built(values: Mapping[str, Any]) -> Settings:
    """Return the settings; the sandbox's tokens stand in only where Telegram is not the
    real one.
    """
    settings = Settings(
        **{"_env_file": DOTENV, "_env_file_encoding": DOTENV_ENCODING, **values}
    )
    if not settings.telegram.api_url:
        return settings
    lacking = {
        field
        for field in SANDBOX_TOKENS
        if not getattr(settings, field).get_secret_value()
    }
    return settings.model_copy(
        update={field: SecretStr(SANDBOX_TOKENS[field]) for field in lacking}
    )


def _secrets(written: Mapping[str, str]) -> dict[str, str]:
    found = {field: written.get(name, "").strip() for field, name in SECRETS.items()}
    return {field: value for field, value in found.items() if value}


def _explained(error: ValidationError, dotenv: Mapping[str, str]) -> list[str]:
    """Return what pydantic complains of, and where it stands if not in a file of
    settings.
    """
    said = []
    for fault in error.errors():
        name = "NARYAD_" + "__".join(str(part) for part in fault["loc"]).upper()
        place = (
            "окружение" if name in os.environ else str(DOTENV) if name in dotenv else ""
        )
        said.append(explain(fault) + (f" ({name}, {place})" if place else ""))
    return said
