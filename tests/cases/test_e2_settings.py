"""E2: polls that would eat the whole quota are refused before anything runs, with what would fit."""

import pytest

from tests.harness.system import System

REAL = {
    "NARYAD_SHEETS__API_URL": "",
    "NARYAD_SHEETS__READS_PER_MINUTE": "50",
    "NARYAD_POLLING__STATISTICS_S": "15",
    "NARYAD_POLLING__INTERVAL_S": "1",
}
SAID = "polling.interval_s — раз в 1 с это 60 чтений таблицы в минуту"


@pytest.mark.parametrize("command", [["worker", "run"], ["worker", "check"], ["bots", "master"], ["web"]])
def test_e2_an_interval_that_cant_work_is_refused(system: System, command: list[str]) -> None:
    system.settings |= REAL
    done = system.run(*command)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert SAID in line
    assert "поставьте polling.interval_s не меньше 1.8" in line


def test_e2_beside_a_stand_in_it_is_told_by_the_check_and_the_log(system: System) -> None:
    """A stand-in has no quota of its own, so it is left to the owner."""
    system.settings |= {"NARYAD_SHEETS__READS_PER_MINUTE": "50", "NARYAD_POLLING__INTERVAL_S": "1"}
    done = system.run("worker", "check")
    assert done.returncode == 1
    assert f"✗ частота опроса: {SAID}" in done.stdout
    system.start("worker")
    system.type_row("Заявки", Имя="Юля", Телефон="89001234567", Проблема="Не работает розетка", Адрес="Невского 47")
    system.order(Имя="Юля", ID=1)
    assert "polls_too_often" in system.log("worker")
