"""What is said of a key that holds something else than it should. Pure."""

from typing import Any

from rapidfuzz import fuzz, process

from record.settings.whole import Settings

EXPECTED = {
    "missing": "ключ обязателен",
    "extra_forbidden": "такого ключа нет, проверьте написание",
    "int_parsing": "целое число",
    "int_type": "целое число",
    "int_from_float": "целое число",
    "float_parsing": "число",
    "float_type": "число",
    "decimal_parsing": "число",
    "decimal_type": "число",
    "tuple_type": "разделы в двойных скобках, например [[reviews]]",
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
NEAR = 66  # of 100: one letter in three


def explain(fault: Any) -> str:
    """Return what one fault that pydantic found means: the key, and what is expected there."""
    key = ".".join(str(part) for part in fault["loc"])
    template = EXPECTED.get(fault["type"])
    expected = template.format(**fault.get("ctx", {})) if template else fault["msg"]
    if fault["type"] == "extra_forbidden":
        expected += _meant([str(part) for part in fault["loc"]])
    return f"{key} — {expected}" if key else expected


def _meant(path: list[str]) -> str:
    """Return which known key or section is spelled most like an unknown one, or else all that there are."""
    *above, last = path
    section = Settings.model_fields[above[0]].annotation if above and above[0] in Settings.model_fields else Settings
    known = list(getattr(section, "model_fields", {}))
    found = process.extractOne(last, known, scorer=fuzz.ratio, score_cutoff=NEAR)
    if found:
        return f": есть {'.'.join([*above, found[0]])}"
    return f": есть {', '.join(known)}" if above else ""
