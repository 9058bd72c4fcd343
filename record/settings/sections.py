"""The tables of config.toml, one class each: keys, defaults and what may stand there."""

import re
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from record.payment import Requisites, account_fits, corr_account_fits
from record.settings import addresses
from record.values import Unclear, phone

Seconds = Annotated[float, Field(gt=0, le=3600)]
Days = Annotated[int, Field(ge=1, le=36500)]
PerMinute = Annotated[int, Field(ge=1, le=100_000)]
Port = Annotated[int, Field(ge=0, le=65535)]
Networks = Annotated[
    tuple[addresses.Network, ...], BeforeValidator(addresses.networks), NoDecode
]
Site = Annotated[str, AfterValidator(addresses.site)]
GoogleApi = Annotated[
    str, AfterValidator(partial(addresses.api, real="https://sheets.googleapis.com"))
]
TelegramApi = Annotated[
    str, AfterValidator(partial(addresses.api, real="https://api.telegram.org"))
]


class Section(BaseModel):
    """A table of config.toml; a key it does not know is an error: usually a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


# how many digits each has: a company's, an entrepreneur's
REGISTERED = {"inn": (10, 12), "ogrn": (13, 15)}


def _whole_number(value: str, lengths: tuple[int, ...]) -> str:
    """Return a number that has one of these lengths, or nothing."""
    fits = value.isdecimal() and len(value) in lengths
    if value and not fits:
        raise ValueError(f"{' или '.join(map(str, lengths))} цифр без пробелов")
    return value


class Company(Section):
    """Whose dispatch this is."""

    name: str = "Балт-Сеть"
    city: str = ""
    timezone: str = "Europe/Kaliningrad"
    phone: str = ""
    default_region: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "RU"
    category: str = "Электрика"
    # who answers for personal data, as /privacy.html and /consent.html name him
    legal_name: str = ""
    inn: str = ""
    ogrn: str = ""
    address: str = ""
    email: str = ""
    hosting: str = ""

    @field_validator("email")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise ValueError("почтовый адрес, например info@example.ru")
        return value

    @field_validator(*REGISTERED)
    @classmethod
    def _registered(cls, value: str, info: ValidationInfo) -> str:
        return _whole_number(value, REGISTERED[info.field_name or ""])

    @field_validator("default_region")
    @classmethod
    def _with_phones(cls, value: str) -> str:
        if value not in SUPPORTED_REGIONS:
            message = (
                "код страны, по которой читать телефоны без «+», например RU или BY"
            )
            raise ValueError(message)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            message = "название пояса из базы IANA, например Europe/Kaliningrad"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _callable_phone(self) -> Self:
        try:
            phone(self.phone, self.default_region)
        except Unclear as unclear:
            raise ValueError(f"phone: {unclear}") from None
        return self


class Sheets(Section):
    """Where the spreadsheet lives; an empty ``api_url`` means Google itself."""

    api_url: GoogleApi = ""
    spreadsheet_id: Annotated[
        str, Field(min_length=1), AfterValidator(addresses.spreadsheet)
    ]
    reads_per_minute: PerMinute = 50
    writes_per_minute: PerMinute = 50
    timeout_s: Seconds = 30
    unclear_rest_s: Annotated[float, Field(ge=0, le=180)] = 5
    alarm_after_s: Annotated[float, Field(ge=0, le=3600)] = 60
    mark_s: Annotated[float, Field(ge=0.5, le=3600)] = 60


class Telegram(Section):
    """Where the Bot API lives, and how it brings us updates.

    An empty ``api_url`` means Telegram itself.

    With a ``webhook_url`` Telegram posts them to ``<webhook_url>/client`` and
    ``<webhook_url>/master``; without it the bots ask for them. A ``proxy_url`` is the
    way to Telegram from where it is blocked.
    """

    api_url: TelegramApi = ""
    # may hold a password
    proxy_url: Annotated[str, AfterValidator(addresses.proxy), Field(repr=False)] = ""
    admin_chat_id: Annotated[int, BeforeValidator(addresses.chat)] = 0
    folder_url: Annotated[str, AfterValidator(addresses.folder)] = ""
    webhook_url: Annotated[str, AfterValidator(addresses.webhook)] = ""
    webhook_host: str = "127.0.0.1"
    client_webhook_port: Port = 8081
    master_webhook_port: Port = 8082
    messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 25
    chat_messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 1


class StoreSettings(Section):
    """Where the local store lives."""

    url: str = "sqlite:///var/naryad.sqlite3"

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        kind, _, rest = value.partition("://")
        file, _, options = rest.removeprefix("/").partition("?")
        in_memory = not file or ":memory:" in file or "mode=memory" in options
        if kind == "sqlite" and in_memory:
            message = "назовите файл, например sqlite:///var/naryad.sqlite3: база в памяти у каждого процесса своя"
            raise ValueError(message)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            message = (
                "адрес вида sqlite:///var/naryad.sqlite3 или postgresql+psycopg://…"
            )
            raise ValueError(message)
        return value


class Polling(Section):
    """How often the sheet is read, when a typed row is finished, what is too much at once."""

    interval_s: Seconds = 5
    settle_s: Annotated[float, Field(ge=0, le=3600)] = 20
    statistics_s: Seconds = 15
    vanished_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    wave_rows: Annotated[int, Field(ge=0, le=1_000_000)] = 20
    wave_orders: Annotated[int, Field(ge=0, le=1_000_000)] = 40
    regret_s: Annotated[float, Field(ge=0, le=3600)] = 15


class Commission(Section):
    """The company's share of a price, in percent."""

    percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(30)

    @field_validator("percent", mode="before")
    @classmethod
    def _without_sign(cls, typed: Any) -> Any:
        """Take «30 %» and «30,5%» too."""
        if not isinstance(typed, str):
            return typed
        return typed.strip().removesuffix("%").strip().replace(",", ".")

    @field_validator("percent")
    @classmethod
    def _no_share(cls, percent: Decimal) -> Decimal:
        """Refuse 0.3, which is meant as 30 % and would be three tenths of one."""
        if 0 < percent < 1:
            meant = f"{percent * 100:f}".rstrip("0").rstrip(".")
            raise ValueError(
                f"проценты, а не доля: {percent} — это меньше одного процента. Для {meant} % напишите {meant}"
            )
        return percent


class Web(Section):
    """Where the site listens, and how clients reach it.

    ``trusted_proxies``: whose X-Forwarded-For is believed, beside this machine's own.
    """

    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: Site = "http://127.0.0.1:8000"
    trusted_proxies: Networks = ()
    threads: Annotated[int, Field(ge=1, le=256)] = 16
    orders_per_minute: PerMinute = 20
    quick_orders_per_hour: PerMinute = 100
    orders_per_person: Annotated[int, Field(ge=0, le=100_000)] = 5
    orders_per_phone: Annotated[int, Field(ge=0, le=100_000)] = 30


Percent = Annotated[Decimal, Field(ge=0, le=1000)]


class Calculator(Section):
    """The least a visit costs, in roubles, and surcharges on the prices of «Услуги»."""

    minimum: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Decimal(1000)
    urgent_percent: Percent = Decimal(30)
    night_percent: Percent = Decimal(50)


class Review(Section):
    """What a client said and allowed to be shown.

    ``when`` is shown as it stands, such as «ноябрь 2026».
    """

    name: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]
    when: str = ""


class Assistant(Section):
    """Who words the answers of the site's chat: nobody, or a model.

    It is OpenAI-compatible, and given only what is known.
    """

    api_url: str = ""
    model: str = ""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 8

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return addresses.api(value, real="")  # any address may be the real one

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.api_url) != bool(self.model):
            raise ValueError("api_url и model нужны вместе, либо оба пустые")
        return self


# how many digits each has; a company's INN has ten, an entrepreneur's twelve
DIGITS = {
    "inn": (10, 12),
    "kpp": (9,),
    "account": (20,),
    "bic": (9,),
    "corr_account": (20,),
}
NEEDED = ("name", "account", "bank", "bic", "corr_account")


class Payment(Section):
    """The company's requisites, all or none.

    Without them the page says how to pay the master.
    """

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
        return _whole_number(value, DIGITS[info.field_name or ""])

    @property
    def requisites(self) -> Requisites | None:
        """Whom to pay, or None where that is not said."""
        if not self.account:
            return None
        return Requisites(**self.model_dump())

    @model_validator(mode="after")
    def _whole_and_without_slips(self) -> Self:
        written = self.model_dump()
        if not any(written.values()):
            return self
        lacking = [key for key in NEEDED if not written[key]]
        if lacking:
            raise ValueError(
                f"заполните и {', '.join(lacking)}, либо оставьте раздел пустым"
            )
        if not account_fits(self.account, self.bic):
            raise ValueError("account не подходит к bic: проверьте, нет ли опечатки")
        if not corr_account_fits(self.corr_account, self.bic):
            raise ValueError(
                "corr_account не подходит к bic: проверьте, нет ли опечатки"
            )
        return self


class Keep(Section):
    """For how many days the local store remembers what is over.

    What still waits is kept however old it is.
    """

    history_days: Days = 365
    outbox_days: Days = 30
    journal_days: Days = 30
    # Telegram repeats an update for a day
    updates_days: Annotated[int, Field(ge=2, le=36500)] = 7
    runs_days: Days = 30
    # a form sent again after that makes a second order
    forms_days: Annotated[int, Field(ge=7, le=36500)] = 30
    dialogs_days: Days = 90
    cards_days: Days = 90
    talks_days: Days = 90
    # personal data of finished orders, in the sheet too; 0 = for ever
    personal_days: Annotated[int, Field(ge=0, le=36500)] = 0


class Backup(Section):
    """When all worksheets are copied to files, and for how many days these are kept.

    The time is the company's.
    """

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
