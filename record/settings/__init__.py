"""Settings: config.toml, each key overridable by the environment, and secrets from the environment or .env only."""

import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as NoSection

from record.errors import SettingsError
from record.settings.expected import explain
from record.settings.sections import (
    Assistant,
    Backup,
    Calculator,
    Commission,
    Company,
    Keep,
    Logs,
    Payment,
    Polling,
    Review,
    Section,
    Sheets,
    StoreSettings,
    Telegram,
    Web,
)

__all__ = [
    "Assistant", "Backup", "Calculator", "Commission", "Company", "Keep", "Logs", "Payment", "Polling",
    "Review", "Section", "Settings", "Sheets", "StoreSettings", "Telegram", "Web", "load_settings",
]  # fmt: skip


class Settings(BaseSettings):
    """All settings, checked; built by :func:`load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="NARYAD_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    company: Company = Company()
    sheets: Sheets
    telegram: Telegram = Telegram()
    store: StoreSettings = StoreSettings()
    polling: Polling = Polling()
    commission: Commission = Commission()
    web: Web = Web()
    calculator: Calculator = Calculator()
    reviews: tuple[Review, ...] = ()
    assistant: Assistant = Assistant()
    payment: Payment = Payment()
    keep: Keep = Keep()
    backup: Backup = Backup()
    logs: Logs = Logs()
    client_bot_token: SecretStr = SecretStr("")
    master_bot_token: SecretStr = SecretStr("")
    google_credentials: str = ""
    secret_key: SecretStr = SecretStr("")
    admin_password_hash: SecretStr = SecretStr("")
    metrics_token: SecretStr = SecretStr("")
    assistant_api_key: SecretStr = SecretStr("")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.company.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over what config.toml says."""
        return env_settings, init_settings


SECRETS = {
    "client_bot_token": "TELEGRAM_CLIENT_BOT_TOKEN",
    "master_bot_token": "TELEGRAM_MASTER_BOT_TOKEN",
    "google_credentials": "GOOGLE_APPLICATION_CREDENTIALS",
    "secret_key": "SECRET_KEY",
    "admin_password_hash": "ADMIN_PASSWORD_HASH",
    "metrics_token": "METRICS_TOKEN",
    "assistant_api_key": "ASSISTANT_API_KEY",
}
SANDBOX_TOKENS = {"client_bot_token": "1001:sandbox-client", "master_bot_token": "1002:sandbox-master"}


def load_settings(path: str | None = None) -> Settings:
    """Return the settings of the file (``NARYAD_CONFIG``, else config.toml) and the environment.

    Raises:
        SettingsError: one line that names every bad key and what is expected there.
    """
    file = Path(path or os.environ.get("NARYAD_CONFIG") or "config.toml")
    values = _read_toml(file)
    faults = [f"{name} — секреты пишут в .env, не в файл настроек" for name in SECRETS if values.pop(name, None)]
    try:
        settings = Settings(**{**values, **_secrets(values)})
    except ValidationError as error:
        faults += [explain(fault) for fault in error.errors()]
    except NoSection:
        whole = [name for field in Settings.model_fields if (name := f"NARYAD_{field.upper()}") in os.environ]
        faults.append(f"{', '.join(whole)} — в окружении пишут каждый ключ сам по себе, например NARYAD_LOGS__FORMAT")
    if faults:
        raise SettingsError(f"Настройки ({file}) не годятся: {'; '.join(faults)}")
    return settings


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"Нет файла настроек {file}: верните config.toml или укажите путь в NARYAD_CONFIG"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"Файл настроек {file} не читается: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"Файл настроек {file} записан не по правилам TOML: {error}") from None


def _secrets(values: dict[str, Any]) -> dict[str, str]:
    """Return the secrets by field; the sandbox tokens stand in only where Telegram is not the real one."""
    written = {**_read_dotenv(Path(".env")), **os.environ}
    found = {field: written.get(name, "") for field, name in SECRETS.items()}
    telegram = values.get("telegram")
    in_file = telegram.get("api_url", "") if isinstance(telegram, dict) else ""
    if os.environ.get("NARYAD_TELEGRAM__API_URL", in_file):
        found |= {field: found[field] or token for field, token in SANDBOX_TOKENS.items()}
    return {field: value for field, value in found.items() if value}


def _read_dotenv(file: Path) -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(file).items()} if file.is_file() else {}
