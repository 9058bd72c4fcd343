"""E6: .env may hold what the environment may; what means nothing is an error; the owner's file holds what differs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.processes import ROOT
from tests.harness.system import HANG_S, System


def run(
    system: System, folder: Path, *command: str, without: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command where the owner's .env lies, with the code elsewhere and some names left to that file."""
    plain = {name: value for name, value in system.env.items() if name not in without}
    environment = plain | {"PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", *command]
    return subprocess.run(
        program, cwd=folder, env=environment, capture_output=True, text=True, timeout=HANG_S, check=False
    )


@pytest.mark.usefixtures("on_sqlite")
def test_e6_the_store_of_a_machine_may_be_named_in_env(system: System, tmp_path: Path) -> None:
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / ".env").write_text(f"NARYAD_STORE__URL=sqlite:///{tmp_path}/shared.sqlite3\n")
    done = run(system, folder, "worker", "init", without=("NARYAD_STORE__URL",))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "shared.sqlite3").exists()
    assert [one.name for one in folder.iterdir()] == [".env"], "no store of its own"


@pytest.mark.parametrize("command", [["worker", "run"], ["worker", "status"], ["bots", "client"], ["web"]])
@pytest.mark.parametrize(
    ("name", "meant"), [("NARYAD_STORE__URI", "store.url"), ("NARYAD_STORES__URL", "NARYAD_STORE__URL")]
)
def test_e6_an_unknown_name_ends_every_command_with_one_line(
    system: System, command: list[str], name: str, meant: str
) -> None:
    system.settings[name] = "postgresql+psycopg://naryad@db/naryad"
    done = system.run(*command)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert name in line
    assert f"есть {meant}" in line


def test_e6_the_owners_file_overrides_single_keys(system: System, tmp_path: Path) -> None:
    file = tmp_path / "owner.toml"
    file.write_text('[company]\nname = "Свет"\n', encoding="utf-8")
    system.settings["NARYAD_CONFIG"] = str(file)
    assert system.run("worker", "init").returncode == 0
    file.write_text('[company]\nnam = "Свет"\n', encoding="utf-8")
    done = system.run("worker", "init")
    assert done.returncode == 1
    assert f"Настройки ({file}) не годятся: company.nam — такого ключа нет" in done.stderr
    assert "есть company.name" in done.stderr


def test_e6_the_shipped_file_is_found_wherever_it_is_started(system: System, tmp_path: Path) -> None:
    assert not (tmp_path / "config.toml").exists()
    done = run(system, tmp_path, "worker", "status")
    assert "Настройки" not in done.stderr
    assert "Нет файла" not in done.stderr
