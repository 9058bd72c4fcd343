"""F12: what Naryad writes is for its owner only, and the check finds what others may read."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.harness.processes import ROOT
from tests.harness.system import HANG_S, System


def opened(folder: Path) -> list[str]:
    """Return the files and folders that other users of this machine may read, but for those of the tests' own."""
    ours = [one for one in folder.rglob("*") if one.suffix not in (".out", ".log")]
    return sorted(str(one.relative_to(folder)) for one in ours if stat.S_IMODE(one.stat().st_mode) & 0o077)


@pytest.mark.usefixtures("on_sqlite")
def test_f12_store_locks_and_copies_are_closed_to_others(open_system: object, tmp_path: Path) -> None:
    """All processes run, and nothing that they leave behind can be read by anybody else."""
    assert callable(open_system)
    var = tmp_path / "var"
    system: System = open_system(
        NARYAD_STORE__URL=f"sqlite:///{var}/naryad.sqlite3", NARYAD_BACKUP__FOLDER=f"{var}/backup"
    )
    assert system.run("worker", "init").returncode == 0
    system.start("worker", "client", "master", "web")
    system.type_row("Заявки", Имя="Юля", Телефон="89001234567", Проблема="Не работает розетка", Адрес="Невского 47")
    system.order(Имя="Юля", ID=1)
    assert system.run("worker", "backup").returncode == 0
    assert opened(tmp_path) == []
    system.end_all()
    assert {one.name for one in var.iterdir()} >= {"naryad.sqlite3", "backup"}


def test_f12_the_secrets_that_make_run_begins_with_are_closed_to_others(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".env.example", tmp_path)
    make = shutil.which("make") or "make"
    made = subprocess.run([make, "-f", ROOT / "Makefile", ".env"], cwd=tmp_path, timeout=HANG_S, check=False)
    assert made.returncode == 0
    assert opened(tmp_path) == [".env.example"]


@pytest.mark.usefixtures("on_sqlite")
def test_f12_files_left_open_by_an_older_version_are_told_with_the_command(system: System, tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite3"
    store.chmod(0o644)
    done = system.run("worker", "check")
    assert done.returncode == 1
    assert f"✗ права на файлы: открыты другим пользователям этой машины: {store} (0644)" in done.stdout
    assert f"chmod 600 {store}" in done.stdout
