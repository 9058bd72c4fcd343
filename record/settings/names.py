"""Which names of the environment and of .env mean something. Pure.

Of an unknown one it says which known one is likely meant.
"""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from record.settings.sections import Section
from record.settings.whole import Settings
from record.values import nearest

PREFIX = "NARYAD_"
SECRETS = {
    "client_bot_token": "TELEGRAM_CLIENT_BOT_TOKEN",
    "master_bot_token": "TELEGRAM_MASTER_BOT_TOKEN",
    "google_credentials": "GOOGLE_APPLICATION_CREDENTIALS",
    "secret_key": "SECRET_KEY",
    "admin_password_hash": "ADMIN_PASSWORD_HASH",
    "metrics_token": "METRICS_TOKEN",
    "assistant_api_key": "ASSISTANT_API_KEY",
}
# secrets of parts that are yet to come
FOREIGN = {"NUDGE_TOKEN", "MAX_CLIENT_BOT_TOKEN", "MAX_MASTER_BOT_TOKEN"}
OTHERS = {
    "NARYAD_CONFIG",
    "NARYAD_REVIEWS",
    # of parts that are yet to come
    "NARYAD_MAX__API_URL",
    "NARYAD_MAX__WEBHOOK_URL",
    "NARYAD_MAX__ADMIN_CHAT_ID",
    "NARYAD_ARCHIVE__AFTER_DAYS",
    # of deploying
    "NARYAD_OPT",
    "NARYAD_ETC",
    "NARYAD_LIB",
    "NARYAD_SVC",
    # of tests
    "NARYAD_FAIL_POINT",
    "NARYAD_TEST_STORE",
    "NARYAD_SOAK",
    "NARYAD_KILLS",
    "NARYAD_SEED",
}
SECTIONS = {
    name.upper(): field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
# NARYAD_WEB__PORT → PORT
KEYS = {
    f"{PREFIX}{section}__{key.upper()}": key.upper()
    for section, kind in SECTIONS.items()
    for key in kind.model_fields
}
# the same without what is easily mistyped or left out: WEBPORT, PORT
WHOLE_NAMES = {name: name.removeprefix(PREFIX).replace("_", "") for name in KEYS}
OWN_NAMES = {name: key.replace("_", "") for name, key in KEYS.items()}
# a secret by its field or by its name
SECRET_OF = {field.upper(): name for field, name in SECRETS.items()}
SECRET_OF |= {name: name for name in SECRETS.values()}
NEAR = 75  # of 100: one letter in four
SURELY = 88


def misspelt(sections: Iterable[str]) -> list[str]:
    """Return what is said of sections of a file that are a known one but for capitals.

    Pydantic drops them in silence: [Web] would change nothing.
    """
    known = Settings.model_fields
    said: list[str] = []
    for name in sorted(sections):
        small = name.lower()
        if name not in known and small in known:
            said.append(f"[{name}] — такого раздела нет: есть [{small}]")
    return said


def strangers(names: Iterable[str], file: str = "") -> list[str]:
    """Return what is said of each name that means nothing.

    Unknown keys of a known section pydantic finds itself. Of the environment only what
    looks like a setting is spoken of, since other programs keep names there too; of our
    own ``file``, all that begins with NARYAD_, and slips in the names of secrets.
    """
    where = ""
    if file:
        where = f" ({file})"
    said: list[str] = []
    for name in sorted(names):
        fault = _fault(name, ours=bool(file))
        if fault:
            said.append(f"{name}{where} — {fault}")
    return said


def _fault(name: str, *, ours: bool) -> str:
    """Return what is wrong with a name, "" for nothing; ``ours``: it is in our file."""
    upper = name.upper()
    if name != upper and upper in KEYS:
        return f"имена пишут большими буквами: {upper}"
    if upper.startswith(PREFIX) and upper not in OTHERS:
        return _prefixed(upper.removeprefix(PREFIX), ours=ours)
    if ours:
        return _slip_in_secret(upper)
    return ""


def _prefixed(rest: str, *, ours: bool) -> str:
    """Return what is wrong with a name without its prefix."""
    section, _, key = rest.partition("__")
    if section in SECTIONS and key and "__" not in key:
        return ""  # pydantic knows its keys
    if rest in SECTIONS:
        first = next(iter(SECTIONS[rest].model_fields)).upper()
        return f"в окружении пишут каждый ключ сам по себе, например {PREFIX}{rest}__{first}"
    if rest in SECRET_OF:
        return f"секрет пишут без приставки: {SECRET_OF[rest]}"
    likely = _likely(rest)
    if likely:
        return f"такого ключа нет, проверьте написание: есть {likely}"
    # NARYAD_HOME may be of another program, but not in our own file
    if key or ours:
        return "такого ключа нет, проверьте написание: все ключи — в config.toml"
    return ""


def _likely(rest: str) -> str:
    """Return the known name that may be meant, "" for none.

    A key's own name says enough: NARYAD_PORT is NARYAD_WEB__PORT.
    """
    least = SURELY
    if "__" in rest:
        least = NEAR
    own = rest.rpartition("__")[2]
    return _most_like(rest, WHOLE_NAMES, least) or _most_like(own, OWN_NAMES, SURELY)


def _most_like(typed: str, names: Mapping[str, str], least: int) -> str:
    bare = typed.replace("_", "")
    found = process.extractOne(bare, names, scorer=fuzz.ratio, score_cutoff=least)
    if not found:
        return ""
    _, _, name = found
    return str(name)


def _slip_in_secret(name: str) -> str:
    """Return what is said of a name in .env that is almost one of a secret."""
    if name in SECRETS.values() or name in FOREIGN or name in OTHERS:
        return ""
    near = nearest(name, SECRETS.values(), at_least=SURELY)
    if not near:
        return ""
    return f"такого секрета нет, проверьте написание: есть {near[0]}"
