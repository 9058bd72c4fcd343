"""Five thousand rows pasted and held: how much later than usual a form's order reaches
its masters meanwhile.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.flow import Form
from bench.report import middle, report
from tests.harness.system import ADMIN, MASTER_BOT, System, wait_for

ROWS, USUAL, MEANWHILE = 5000, 8, 16
PATIENCE_S, STEP_S = 120, 0.02
SETTINGS = {
    "NARYAD_POLLING__INTERVAL_S": "5",
    "NARYAD_POLLING__SETTLE_S": "2",
    "NARYAD_SHEETS__READS_PER_MINUTE": "50",
    "NARYAD_SHEETS__WRITES_PER_MINUTE": "50",
    "NARYAD_WEB__ORDERS_PER_MINUTE": "100000",
}


def measure() -> None:
    """Print the figures of the wave."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), **SETTINGS)
        try:
            _prepare(system)
            form, usual = Form(system), []
            for number in range(USUAL):
                usual.append(_to_master(system, form, number))
                time.sleep(1)
            _paste(system)
            asked = time.monotonic()
            wait_for(
                lambda: system.heard(MASTER_BOT, ADMIN, "Разослать"),
                "the admin is asked",
                PATIENCE_S,
            )
            report(
                "held_wave_admin_asked_s",
                time.monotonic() - asked,
                "s",
                "<= 10 (to settle and a poll)",
            )
            held = []
            for number in range(USUAL, USUAL + MEANWHILE):
                held.append(_to_master(system, form, number))
                time.sleep(2)
            report(
                "held_wave_orders_late_s",
                max(0.0, max(held) - middle(usual)),
                "s",
                "<= 2",
            )
            report(
                "held_wave_told",
                len(system.heard(MASTER_BOT, 601, "в старой таблице")),
                "cards",
                "<= 0",
            )
        finally:
            system.close()


def _prepare(system: System) -> None:
    system.run("worker", "init")
    system.person(ADMIN, "Ольга")
    system.say(MASTER_BOT, ADMIN, "/start")
    system.masters((601, "Иван Петров", "+79000000601"))
    system.start("worker", "client", "master", "web")
    wait_for(lambda: system.heard(MASTER_BOT, 601, ""), "a greeting", PATIENCE_S)


def _paste(system: System) -> None:
    """Paste rows as a person does who brings an old table along."""
    tab = system.staff().worksheet("Заявки")
    header = tab.row_values(1)
    below = len(tab.get_values()) + 1
    rows = [[_cells(number).get(name, "") for name in header] for number in range(ROWS)]
    tab.resize(rows=below + ROWS + 100)
    tab.update(rows, f"A{below}", raw=True)


def _cells(number: int) -> dict[str, Any]:
    problem = f"Розетка в старой таблице, случай {number}"
    return {
        "Имя": f"Клиент {number}",
        "Телефон": f"+7911{number:07}",
        "Проблема": problem,
        "Адрес": f"Мира {number}",
    }


def _to_master(system: System, form: Form, number: int) -> float:
    """Send a form; return after how many seconds the master has the card."""
    began = time.monotonic()
    order_id = form.send(f"Искрит щиток, случай {number}", phone=f"+7921{number:07}")
    deadline = began + PATIENCE_S
    while not system.heard(MASTER_BOT, 601, f"#{order_id}\n"):
        if time.monotonic() > deadline:
            raise TimeoutError(order_id)
        time.sleep(STEP_S)
    return time.monotonic() - began
