"""What is said of a key that holds something else than it should. Pure."""

from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from record.settings.whole import Settings
from record.values import nearest

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
    """Return what a fault of pydantic means: the key, and what is expected there."""
    path = tuple(fault["loc"])
    key = ".".join(map(str, path))
    expected = _range_of(path, key, fault["type"]) or _expected(fault)
    if not key:
        return expected
    return f"{key} — {expected}"


def _expected(fault: Any) -> str:
    """Return what is expected, by the kind of fault alone."""
    kind = fault["type"]
    template = EXPECTED.get(kind)
    if template is None:
        return str(fault["msg"])
    expected = template.format(**fault.get("ctx", {}))
    if kind == "literal_error":
        return expected.replace(" or ", " или ")
    if kind == "extra_forbidden":
        return expected + _known_instead([str(part) for part in fault["loc"]])
    return expected


def _range_of(path: tuple[Any, ...], key: str, kind: str) -> str:
    """Return the range and an example of a key whose number is wrong.

    "" for another fault, or where any number may stand.
    """
    if kind not in NUMERIC:
        return ""
    field = _field(path)
    if field is None:
        return ""
    return _bounded(field, key)


def _field(path: tuple[Any, ...]) -> FieldInfo | None:
    """Return the field of a key, None where the path leads to a section or a list."""
    if len(path) != 2 or path[0] not in Settings.model_fields:
        return None
    section, key = path
    found: FieldInfo | None = _fields_of(section).get(key)
    return found


def _fields_of(section: str) -> dict[str, FieldInfo]:
    """Return the keys of a section; none where it is a single value."""
    kind = Settings.model_fields[section].annotation
    fields: dict[str, FieldInfo] = getattr(kind, "model_fields", {})
    return fields


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
    span = f"{least} и {most}"
    if least.startswith("от"):
        # «от 1 до 5» reads better than «от 1 и не больше 5»
        span = f"{least} {most}".replace("не больше", "до")
    kind = "число"
    if field.annotation is int:
        kind = "целое число"
    return f"{kind}{_unit(key)} {span}, например {field.default}"


def _unit(key: str) -> str:
    """Return what the number of a key counts, by the key's ending."""
    for ending, words in UNITS.items():
        if key.endswith(ending):
            return f" {words}"
    return ""


def _known_instead(path: list[str]) -> str:
    """Return which known key is spelled most like an unknown one, or else all there are."""
    *above, last = path
    known = list(Settings.model_fields)
    if above and above[0] in Settings.model_fields:
        known = list(_fields_of(above[0]))
    near = nearest(last, known, at_least=NEAR)
    if near:
        return f": есть {'.'.join([*above, near[0]])}"
    if not above:
        return ""
    return f": есть {', '.join(known)}"
