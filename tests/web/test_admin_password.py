"""`python -m web set-password`, and the password that a play gets by itself."""

import io
import re
import stat
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from record.errors import SettingsError
from record.settings import Settings, load_settings
from record.settings.sections import Sheets, Telegram, Web
from tests.web.process import ROOT
from web.__main__ import command
from web.access.passwords import ask_and_set, fits, hashed, write_line
from web.server import with_demo_password

LONG = "верная лошадь скрепка"


def asked(monkeypatch: pytest.MonkeyPatch, file: Path, *lines: str) -> int:
    """Run the command with these lines typed; return its exit code."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return ask_and_set(file)


def test_the_password_is_kept_as_a_hash_for_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    file.write_text("# secrets\nSECRET_KEY=abc\nADMIN_PASSWORD_HASH=\nOTHER=1\n", encoding="utf-8")
    file.chmod(0o644)
    assert asked(monkeypatch, file, LONG, LONG) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# secrets\nSECRET_KEY=abc\nOTHER=1\nADMIN_PASSWORD_HASH=scrypt:")
    assert text.count("ADMIN_PASSWORD_HASH") == 1
    assert "$" not in text
    assert LONG not in text + capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_what_was_set_opens_the_panel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NARYAD_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.delenv("ADMIN_PASSWORD_HASH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert asked(monkeypatch, Path(".env"), LONG, LONG) == 0
    kept = load_settings().admin_password_hash.get_secret_value()
    assert fits(LONG, kept)
    assert not fits("кривая лошадь", kept)


@pytest.mark.parametrize("typed", [("коротко", "коротко"), (LONG, LONG + "!"), ("x" * 201, "x" * 201), (LONG,), ()])
def test_a_slip_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: tuple[str, ...]) -> None:
    file = tmp_path / ".env"
    file.write_text("ADMIN_PASSWORD_HASH=before\n", encoding="utf-8")
    assert asked(monkeypatch, file, *typed) == 1
    assert file.read_text(encoding="utf-8") == "ADMIN_PASSWORD_HASH=before\n"


def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Проверьте права"):
        write_line(tmp_path / "no-such-folder" / ".env", "A", "b")


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1\n", encoding="utf-8")
    (tmp_path / ".env").symlink_to(tmp_path / "real")
    write_line(tmp_path / ".env", "B", "2")
    assert (tmp_path / ".env").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "A=1\nB=2\n"


def test_hashes_of_both_spellings_are_understood_and_nonsense_opens_nothing() -> None:
    kept = hashed(LONG)
    assert fits(LONG, kept)
    assert fits(LONG, "$".join(kept.rsplit(":", 2)))
    assert not any(
        fits(LONG, nonsense) for nonsense in ("", "x", "plain", LONG, "a:b:c", "a$b$c", "scrypt:1:1:1:s:h")
    )
    assert not fits("", hashed(""))


def test_the_command_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LONG}\n{LONG}\n"))
    assert command(["set-password"]) == 0
    assert "Пароль сохранён" in capsys.readouterr().out
    assert "ADMIN_PASSWORD_HASH=scrypt:" in (tmp_path / ".env").read_text(encoding="utf-8")
    assert (command(["--help"]), command(["set-pasword"])) == (0, 2)


def play(**changed: str) -> Settings:
    """Return settings in which everything is on this machine, but for what is changed."""
    addresses = {"sheets": "http://127.0.0.1:8090", "telegram": "http://localhost:8090", **changed}
    return Settings(
        sheets=Sheets(spreadsheet_id="demo", api_url=addresses["sheets"]),
        telegram=Telegram(api_url=addresses["telegram"]),
        web=Web(host=changed.get("host", "127.0.0.1"), public_url=changed.get("site", "http://127.0.0.1:8000")),
        admin_password_hash=SecretStr(changed.get("kept", "")),
    )


def test_a_play_gets_a_password_of_its_own() -> None:
    settings, password = with_demo_password(play())
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", password)
    assert fits(password, settings.admin_password_hash.get_secret_value())
    assert with_demo_password(play())[1] != password


@pytest.mark.parametrize(
    "changed",
    [{"sheets": ""}, {"telegram": ""}, {"sheets": "https://sheets.example"}, {"host": "0.0.0.0"},  # noqa: S104  as a setting
     {"site": "https://app.example"}, {"kept": "scrypt:1:2:3:a:b"}],
)  # fmt: skip
def test_nothing_real_ever_gets_one(changed: dict[str, str]) -> None:
    settings = play(**changed)
    assert with_demo_password(settings) == (settings, "")
