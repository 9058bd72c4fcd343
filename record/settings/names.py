"""Which names of the environment and of .env mean something, and which one was meant by
another. Pure.
"""

from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from record.settings.sections import Section
from record.settings.whole import Settings

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
    *("NARYAD_CONFIG", "NARYAD_REVIEWS"),
    # of parts that are yet to come
    *("NARYAD_MAX__API_URL", "NARYAD_MAX__WEBHOOK_URL", "NARYAD_MAX__ADMIN_CHAT_ID"),
    "NARYAD_ARCHIVE__AFTER_DAYS",
    *("NARYAD_OPT", "NARYAD_ETC", "NARYAD_LIB", "NARYAD_SVC"),  # of deploying
    # of tests
    *(
        "NARYAD_FAIL_POINT",
        "NARYAD_TEST_STORE",
        "NARYAD_SOAK",
        "NARYAD_KILLS",
        "NARYAD_SEED",
    ),
}
SECTIONS = {
    name.upper(): field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
KEYS = {
    f"{PREFIX}{section}__{key.upper()}": key.upper()
    for section, kind in SECTIONS.items()
    for key in kind.model_fields
}
NEAR = 75  # of 100: one letter in four
SURELY = 88


def misspelt(sections: Iterable[str]) -> list[str]:
    """Return what is said of sections of a file that are a known one but for capital
    letters: pydantic drops them.
    """
    known = Settings.model_fields
    wrong = [name for name in sections if name not in known and name.lower() in known]
    return [
        f"[{name}] — такого раздела нет: есть [{name.lower()}]"
        for name in sorted(wrong)
    ]


def strangers(names: Iterable[str], file: str = "") -> list[str]:
    """Return what is said of each name that means nothing; unknown keys of a known
    section pydantic finds itself.

    Of the environment only what looks like a setting is spoken of, since other programs
    keep names there too; of our own ``file``, all that begins with NARYAD_, and slips
    in the names of secrets.
    """
    where, said = f" ({file})" if file else "", []
    for name in sorted(names):
        upper = name.upper()
        if name != upper and upper in KEYS:
            fault = f"имена пишут большими буквами: {upper}"
        elif upper.startswith(PREFIX) and upper not in OTHERS:
            fault = _said(upper.removeprefix(PREFIX), ours=bool(file))
        else:
            fault = _slip(upper) if file else ""
        said += [f"{name}{where} — {fault}"] if fault else []
    return said


def _said(rest: str, *, ours: bool) -> str:
    """Return what is said of a name without its prefix."""
    section, _, key = rest.partition("__")
    if section in SECTIONS and key and "__" not in key:
        return ""
    if rest in SECTIONS:
        first = next(iter(SECTIONS[rest].model_fields)).upper()
        return f"в окружении пишут каждый ключ сам по себе, например {PREFIX}{rest}__{first}"
    if secret := _secret(rest):
        return f"секрет пишут без приставки: {secret}"
    nearest = next(_nearest(rest), "")
    if not (nearest or key or ours):
        return ""
    return f"такого ключа нет, проверьте написание: {f'есть {nearest}' if nearest else 'все ключи — в config.toml'}"


def _secret(rest: str) -> str:
    names = {field.upper(): name for field, name in SECRETS.items()} | {
        name: name for name in SECRETS.values()
    }
    return names.get(rest, "")


def _nearest(rest: str) -> Iterator[str]:
    """Yield known names that may be meant, the likeliest first; a key's own name says
    enough (NARYAD_PORT).
    """
    bare = rest.replace("_", "")
    whole = {name: name.removeprefix(PREFIX).replace("_", "") for name in KEYS}
    limit = NEAR if "__" in rest else SURELY
    for _, _, name in process.extract(
        bare, whole, scorer=fuzz.ratio, score_cutoff=limit, limit=1
    ):
        yield str(name)
    own = {name: key.replace("_", "") for name, key in KEYS.items()}
    last = rest.rpartition("__")[2].replace("_", "")
    for _, _, name in process.extract(
        last, own, scorer=fuzz.ratio, score_cutoff=SURELY, limit=1
    ):
        yield str(name)


def _slip(name: str) -> str:
    """Return what is said of a name in .env that is almost one of a secret."""
    if name in SECRETS.values() or name in FOREIGN or name in OTHERS:
        return ""
    found = process.extractOne(
        name, SECRETS.values(), scorer=fuzz.ratio, score_cutoff=SURELY
    )
    return f"такого секрета нет, проверьте написание: есть {found[0]}" if found else ""
