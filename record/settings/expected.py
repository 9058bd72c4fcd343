"""What is said of a key that holds something else than it should. Pure."""

from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
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
WHOLE = frozenset({"int_parsing", "int_type", "int_from_float", "int_parsing_size"})
NUMERIC = WHOLE | {
    "float_parsing", "float_type", "decimal_parsing", "decimal_type", "finite_number",
    "greater_than", "greater_than_equal", "less_than", "less_than_equal",
}  # fmt: skip
UNITS = {"_s": "секунд", "_days": "дней", "percent": "процентов"}
NEAR = 66  # of 100: one letter in three


def explain(fault: Any) -> str:
    """Return what one fault that pydantic found means: the key, and what is expected
    there.
    """
    key = ".".join(str(part) for part in fault["loc"])
    template = EXPECTED.get(fault["type"])
    if (
        (field := _field(fault["loc"]))
        and fault["type"] in NUMERIC
        and (said := _bounded(field, key))
    ):
        return f"{key} — {said}"
    expected = template.format(**fault.get("ctx", {})) if template else fault["msg"]
    if fault["type"] == "literal_error":
        expected = expected.replace(" or ", " или ")
    if fault["type"] == "extra_forbidden":
        expected += _meant([str(part) for part in fault["loc"]])
    return f"{key} — {expected}" if key else expected


def _field(path: tuple[Any, ...]) -> FieldInfo | None:
    """Return the key that a path leads to, None where it leads to a section or into a
    list.
    """
    if len(path) != 2 or path[0] not in Settings.model_fields:
        return None
    section = Settings.model_fields[path[0]].annotation
    found: FieldInfo | None = getattr(section, "model_fields", {}).get(path[1])
    return found


def _bounded(field: FieldInfo, key: str) -> str:
    """Return which numbers may stand there, and one that fits; "" where any number may."""
    least, most = "", ""
    for rule in field.metadata:
        match rule:
            case Ge(ge=number):
                least = f"от {number}"
            case Gt(gt=number):
                least = f"больше {number}"
            case Le(le=number):
                most = f"не больше {number}"
            case Lt(lt=number):
                most = f"меньше {number}"
    if not least or not most:
        return ""
    kind = "целое число" if field.annotation is int else "число"
    unit = next((f" {words}" for end, words in UNITS.items() if key.endswith(end)), "")
    span = (
        f"{least} {most}".replace("не больше", "до")
        if least.startswith("от")
        else f"{least} и {most}"
    )
    return f"{kind}{unit} {span}, например {field.default}"


def _meant(path: list[str]) -> str:
    """Return which known key or section is spelled most like an unknown one, or else
    all that there are.
    """
    *above, last = path
    section = (
        Settings.model_fields[above[0]].annotation
        if above and above[0] in Settings.model_fields
        else Settings
    )
    known = list(getattr(section, "model_fields", {}))
    found = process.extractOne(last, known, scorer=fuzz.ratio, score_cutoff=NEAR)
    if found:
        return f": есть {'.'.join([*above, found[0]])}"
    return f": есть {', '.join(known)}" if above else ""
