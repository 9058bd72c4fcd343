"""The admin's password: hashed with scrypt, and written into .env by `python -m web
set-password`.

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
SHORTEST = 10
LONGEST = 200
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one


def hashed(password: str) -> str:
    """Return the hash of a password as it stands in .env."""
    return generate_password_hash(password).replace("$", ":")


def fits(password: str, kept: str) -> bool:
    """Say whether a password is the one whose hash is kept; a hash as werkzeug spells
    it is understood too.
    """
    method, *rest = [kept] if "$" in kept else kept.rsplit(":", 2)
    spelled = "$".join([method, *rest])
    with suppress(ValueError):  # what stands in .env is no hash
        return (
            0 < len(password) <= LONGEST
            and spelled.count("$") == 2
            and check_password_hash(spelled, password)
        )
    return False


def random_password() -> str:
    """Return a password that is easy to type and hard to guess."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)
    )


def ask_and_set(file: Path = Path(".env")) -> int:
    """Ask for the password twice and write its hash; return the exit code."""
    try:
        password = _asked()
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


def _asked() -> str:
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
    """Let the file say name=value, once; all else in it stays. Whole or not at all,
    readable by its owner only.

    Raises:
        SettingsError: the file can't be read or written.
    """
    file = file.resolve()
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        _replace(file, "\n".join([*_without(lines, name), f"{name}={value}"]) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Файл {file} не записать: {error}. Проверьте права на файл и его папку."
        ) from None


def _without(lines: list[str], name: str) -> list[str]:
    return [
        line
        for line in lines
        if line.removeprefix("export ").partition("=")[0].strip() != name
    ]


def _replace(file: Path, text: str) -> None:
    # mode 600 from the start
    handle, made = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            with suppress(PermissionError):
                os.chown(made, file.stat().st_uid, file.stat().st_gid)
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
