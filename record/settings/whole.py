"""All settings together, as one object."""

from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

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
    Sheets,
    StoreSettings,
    Telegram,
    Web,
)

SANDBOX_TOKENS = {
    "client_bot_token": "1001:sandbox-client",
    "master_bot_token": "1002:sandbox-master",
}


class Settings(BaseSettings):
    """All settings, checked; built by :func:`load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="NARYAD_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        # what is no setting there is looked at by record/settings/names.py
        dotenv_filtering="only_existing",
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

    def bot_token(self, role: str) -> str:
        """Return the token of a role's bot, "" where none is set."""
        tokens = {"client": self.client_bot_token, "master": self.master_bot_token}
        return tokens[role].get_secret_value()

    @property
    def key_file(self) -> Path | None:
        """The whole path of the service account's key, None where no key is named."""
        if not self.google_credentials:
            return None
        return Path(self.google_credentials).expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over .env, and .env over the files of settings."""
        return env_settings, dotenv_settings, init_settings
