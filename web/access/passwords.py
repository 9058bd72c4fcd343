"""The admin's password: hashed with scrypt, written into .env by `… set-password`.

In .env the hash stands without the sign $, which shells and compose files would take
for a variable.
"""

import getpass
import os
import secrets
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from record.errors import SettingsError

NAME = "ADMIN_PASSWORD_HASH"
# of no password: judging it takes as long as any
NOBODYS = f"scrypt:32768:8:1:nobodysnobodysno:{'0' * 128}"
SHORTEST = 10
LONGEST = 200
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one


def hashed(password: str) -> str:
    """Return the hash of a password as it stands in .env."""
    return generate_password_hash(password).replace("$", ":")


def fits(password: str, kept: str) -> bool:
    """Return whether a password is the one whose hash is kept.

    A hash as werkzeug spells it, with the sign $, is understood too.
    """
    # a longer one would be hashed all the same, at our cost
    if not 0 < len(password) <= LONGEST:
        return False
    as_werkzeug = kept
    if "$" not in kept:
        # the method has colons of its own: scrypt:32768:8:1
        as_werkzeug = "$".join(kept.rsplit(":", 2))
    if as_werkzeug.count("$") != 2:
        return False
    with suppress(ValueError):  # what stands in .env is no hash
        return check_password_hash(as_werkzeug, password)
    return False


def random_password() -> str:
    """Return a password that is easy to type and hard to guess."""
    letters = [secrets.choice(LETTERS) for _ in range(12)]
    word = "".join(letters)
    return f"{word[:4]}-{word[4:8]}-{word[8:]}"


def ask_and_set(file: Path = Path(".env")) -> int:
    """Ask for the shared password twice and write its hash; return the exit code."""
    try:
        password = asked_twice()
        write_line(file, NAME, hashed(password))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nПароль не изменён.", file=sys.stderr)
        return 1
    print(
        f"Пароль сохранён: {file}. Перезапустите сайт, и он заработает; все, кто вошёл раньше, войдут заново."
    )
    return 0


def asked_twice() -> str:
    """Return a new password, typed twice.

    Raises:
        SettingsError: it is too short or too long, or the two differ.
    """
    password = _read("Новый пароль: ")
    if len(password) < SHORTEST:
        raise SettingsError(
            f"Пароль слишком короткий: нужно не меньше {SHORTEST} знаков. Ничего не изменено."
        )
    if len(password) > LONGEST:
        raise SettingsError(
            f"Пароль слишком длинный: нужно не больше {LONGEST} знаков. Ничего не изменено."
        )
    if password != _read("Ещё раз: "):
        raise SettingsError(
            "Пароли не совпали. Ничего не изменено, попробуйте ещё раз."
        )
    return password


def _read(prompt: str) -> str:
    """Read a line unseen where there is a terminal, plainly where a script speaks."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def write_line(file: Path, name: str, value: str) -> None:
    """Let the file say name=value, once; all else in it stays.

    It is written whole or not at all, and readable by its owner only. ``dotenv.set_key``
    keeps a mode that lets others read, and gives the file to whoever runs it: set by
    root, the site could not read it any more.

    Raises:
        SettingsError: the file can't be read or written.
    """
    # a link stays a link: what it points to is replaced
    file = file.resolve()
    try:
        lines = _lines_without(file, name)
        _replace(file, "\n".join([*lines, f"{name}={value}"]) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Файл {file} не записать: {error}. Проверьте права на файл и его папку."
        ) from None


def _lines_without(file: Path, name: str) -> list[str]:
    """Return the file's lines that do not set this name."""
    if not file.exists():
        return []
    kept = []
    for line in file.read_text(encoding="utf-8").splitlines():
        key, _, _ = line.removeprefix("export ").partition("=")
        if key.strip() != name:
            kept.append(line)
    return kept


def _replace(file: Path, text: str) -> None:
    # mkstemp gives mode 600 from the start; the rename replaces the file at one stroke
    handle, made = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            # whose file it was stays; only root can give a file away
            with suppress(PermissionError):
                os.chown(made, file.stat().st_uid, file.stat().st_gid)
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
