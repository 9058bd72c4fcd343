"""Settings: config.toml, each key overridable by the environment, and secrets from the environment or .env only."""

import os
import re
import tomllib
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from record.errors import SettingsError
from record.payment import Requisites, account_fits, corr_account_fits

Seconds = Annotated[float, Field(gt=0, le=3600)]
Days = Annotated[int, Field(ge=1, le=36500)]
PerMinute = Annotated[int, Field(ge=1, le=100_000)]


class Section(BaseModel):
    """A table of config.toml; a key it does not know is an error, since it is usually a typing slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Section):
    """Whose dispatch this is."""

    name: str = "Балт-Сеть"
    timezone: str = "Europe/Kaliningrad"
    phone: str = ""
    default_region: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "RU"
    category: str = "Электрика"

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            message = "название пояса из базы IANA, например Europe/Kaliningrad"
            raise ValueError(message)
        return value


class Sheets(Section):
    """Where the spreadsheet lives; an empty ``api_url`` means Google itself."""

    api_url: str = ""
    spreadsheet_id: Annotated[str, Field(min_length=1)]
    reads_per_minute: PerMinute = 50
    writes_per_minute: PerMinute = 50
    timeout_s: Seconds = 30
    alarm_after_s: Annotated[float, Field(ge=0, le=3600)] = 60


Port = Annotated[int, Field(ge=0, le=65535)]


class Telegram(Section):
    """Where the Bot API lives (an empty ``api_url`` means Telegram itself), and how it brings us updates.

    With a ``webhook_url`` Telegram posts them to ``<webhook_url>/client`` and ``<webhook_url>/master``; without it
    the bots ask for them.
    """

    api_url: str = ""
    admin_chat_id: int = 0
    folder_url: str = ""
    webhook_url: str = ""
    webhook_host: str = "127.0.0.1"
    client_webhook_port: Port = 8081
    master_webhook_port: Port = 8082
    messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 25
    chat_messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 1

    @field_validator("webhook_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("адрес вида https://bots.example.ru/telegram: Telegram приходит только по HTTPS")
        return value.rstrip("/")


class StoreSettings(Section):
    """Where the local store lives."""

    url: str = "sqlite:///var/naryad.sqlite3"

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            message = "адрес вида sqlite:///var/naryad.sqlite3 или postgresql+psycopg://…"
            raise ValueError(message)
        return value


class Polling(Section):
    """How often the sheet is read, and when a row typed by hand is taken for finished."""

    interval_s: Seconds = 5
    settle_s: Annotated[float, Field(ge=0, le=3600)] = 20
    statistics_s: Seconds = 15
    vanished_share: Annotated[float, Field(gt=0, le=1)] = 0.5


class Commission(Section):
    """The company's share of a price, in percent."""

    percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(30)


class Web(Section):
    """Where the site listens, and how clients reach it."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: str = "http://127.0.0.1:8000"
    threads: Annotated[int, Field(ge=1, le=256)] = 16
    orders_per_minute: PerMinute = 20
    quick_orders_per_hour: PerMinute = 100


Percent = Annotated[Decimal, Field(ge=0, le=1000)]


class Calculator(Section):
    """What the calculator adds to the prices of «Услуги»: the least a visit costs, in roubles, and surcharges."""

    minimum: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Decimal(1000)
    urgent_percent: Percent = Decimal(30)
    night_percent: Percent = Decimal(50)


class Review(Section):
    """What a client said and allowed to be shown; ``when`` as it is to be read, such as «ноябрь 2026»."""

    name: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]
    when: str = ""


class Assistant(Section):
    """Who words the answers of the site's chat: nobody, or an OpenAI-compatible model given only what is known."""

    api_url: str = ""
    model: str = ""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 8


DIGITS = {"inn": (10, 12), "kpp": (9,), "account": (20,), "bic": (9,), "corr_account": (20,)}


class Payment(Section):
    """The company's requisites, all or none: without them the page says how to pay the master."""

    name: str = ""
    inn: str = ""
    kpp: str = ""
    account: str = ""
    bank: str = ""
    bic: str = ""
    corr_account: str = ""

    @field_validator(*DIGITS)
    @classmethod
    def _digits(cls, value: str, info: ValidationInfo) -> str:
        lengths = DIGITS[info.field_name or ""]
        if value and not (value.isdecimal() and len(value) in lengths):
            raise ValueError(f"{' или '.join(map(str, lengths))} цифр без пробелов")
        return value

    @property
    def requisites(self) -> Requisites | None:
        """Whom to pay, or None where that is not said."""
        return Requisites(**self.model_dump()) if self.account else None

    @model_validator(mode="after")
    def _whole_and_without_slips(self) -> Self:
        needed = {"name": self.name, "account": self.account, "bank": self.bank, "bic": self.bic}
        needed["corr_account"] = self.corr_account
        if not any(self.model_dump().values()):
            return self
        if lacking := [key for key, value in needed.items() if not value]:
            raise ValueError(f"заполните и {', '.join(lacking)}, либо оставьте раздел пустым")
        if not account_fits(self.account, self.bic):
            raise ValueError("account не подходит к bic: проверьте, нет ли опечатки")
        if not corr_account_fits(self.corr_account, self.bic):
            raise ValueError("corr_account не подходит к bic: проверьте, нет ли опечатки")
        return self


class Keep(Section):
    """For how many days the local store remembers what is over; what still waits is kept however old it is."""

    history_days: Days = 365
    outbox_days: Days = 30
    journal_days: Days = 30
    updates_days: Annotated[int, Field(ge=2, le=36500)] = 7  # Telegram repeats an update for a day
    runs_days: Days = 30
    forms_days: Annotated[int, Field(ge=7, le=36500)] = 30  # a form sent again after that makes a second order
    dialogs_days: Days = 90
    cards_days: Days = 90
    talks_days: Days = 90


class Backup(Section):
    """When all worksheets are copied to files, by the company's clock, and for how many days the files are kept."""

    time: str = "03:30"
    folder: str = "var/backup"
    keep_days: Days = 30

    @field_validator("time")
    @classmethod
    def _time_of_day(cls, value: str) -> str:
        if not re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d)?", value):
            message = "время вида 03:30, или пусто, если копии не нужны"
            raise ValueError(message)
        return value


class Logs(Section):
    """How log lines look."""

    format: Literal["human", "json"] = "human"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


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
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
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

EXPECTED = {
    "missing": "ключ обязателен",
    "extra_forbidden": "такого ключа нет, проверьте написание",
    "int_parsing": "целое число",
    "int_type": "целое число",
    "float_parsing": "число",
    "float_type": "число",
    "decimal_parsing": "число",
    "string_type": "строка в кавычках",
    "string_too_short": "непустая строка",
    "string_pattern_mismatch": "две заглавные латинские буквы, например RU",
    "greater_than": "число больше {gt}",
    "greater_than_equal": "число не меньше {ge}",
    "less_than": "число меньше {lt}",
    "less_than_equal": "число не больше {le}",
    "literal_error": "одно из: {expected}",
    "model_type": "раздел с ключами",
    "model_attributes_type": "раздел с ключами",
    "value_error": "{error}",
}


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
        faults += [_explain(fault) for fault in error.errors()]
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


def _explain(fault: Any) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    template = EXPECTED.get(fault["type"])
    expected = template.format(**fault.get("ctx", {})) if template else fault["msg"]
    return f"{key} — {expected}"
