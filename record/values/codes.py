"""One-time codes that people read off one screen and type into another. Pure."""

import hashlib
import re

# none that looks like another one
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"
LENGTH = 8
# on a Russian keyboard
LOOK_ALIKE = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")
# as people say it, and as a link to a bot brings it
BEFORE = re.compile(r"(?:/start\s+)?(?:(?:код|вход)\s*:?\s*)?", re.IGNORECASE)
SIGN = f"[{LETTERS}{DIGITS}]"
SPELT = re.compile(rf"({SIGN}{{4}})[-–—\s]?({SIGN}{{4}})", re.ASCII)


def code_of(secret: str) -> str:
    """Return the one code that belongs to a secret, such as K7MN-4Q5T.

    Its second sign is always a letter and its seventh a digit, so that no price and no
    word passes for a code.
    """
    signs = LETTERS + DIGITS
    number = int.from_bytes(hashlib.sha256(f"code\n{secret}".encode()).digest(), "big")
    found = []
    for place in range(LENGTH):
        choice = {1: LETTERS, 6: DIGITS}.get(place, signs)
        number, which = divmod(number, len(choice))
        found.append(choice[which])
    code = "".join(found)
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str:
    """Return the code that a person typed, "" where it is none."""
    bare = BEFORE.sub("", text.strip(), count=1)
    plain = bare.upper().translate(LOOK_ALIKE)
    found = SPELT.fullmatch(plain)
    if found is None:
        return ""
    code = f"{found[1]}-{found[2]}"
    if code[1] not in LETTERS or code[7] not in DIGITS:
        return ""
    return code


def may_be_words(text: str) -> bool:
    """Return whether what passes for a code may be words: «АННА 2345», «BMW5 2345».

    A code is shown with a dash, and so it is copied; who says «код» means one.
    """
    said = text.strip()
    is_named = BEFORE.sub("", said, count=1) != said
    return len(said.split()) > 1 and not is_named
