"""Google's quota with everything running: half of everything is as good as the whole to see it kept."""

import time
from collections.abc import Callable
from itertools import count

import pytest

from tests.house import House, wait_for
from tests.test_whole_story import order_on_the_site

GOOGLE, OURS = 30, 25  # requests a minute of each kind: what Google allows, and our share of it; at work 60 and 50
POLLS_EVERY_S = 10  # at work 5
ORDERS, EVERY_S = 6, 1.5
LOOKS = count()
PROCESSES = ("worker", "client", "master", "web")


@pytest.fixture
def company(open_house: Callable[..., House]) -> House:
    """A company whose processes poll every five seconds, as they do at work."""
    house = open_house(
        NARYAD_POLLING__INTERVAL_S=str(POLLS_EVERY_S),
        NARYAD_POLLING__STATISTICS_S="15",
        NARYAD_SHEETS__READS_PER_MINUTE=str(OURS),
        NARYAD_SHEETS__WRITES_PER_MINUTE=str(OURS),
    )
    done = house.run("worker", "init")
    assert done.returncode == 0, done.stderr
    house.masters((601, "Иван Петров", "+79000000601"))
    house.post("quota", enabled=True, reads_per_minute=GOOGLE, writes_per_minute=GOOGLE)
    house.start(*PROCESSES)
    return house


def test_all_processes_together_never_meet_the_end_of_the_quota(company: House) -> None:
    """Orders come as fast as on a busy day; each reaches the sheet, and its announcement is noted there."""
    taken = []
    for _ in range(ORDERS):
        taken.append(
            int(order_on_the_site(company, name="Аня", phone="89001234567", address="Мира 1", problem="Свет")[0])
        )
        time.sleep(EVERY_S)  # the pace of clients, not a wait for anything
    wait_for(lambda: announced(company) == taken, "all announced", 40)
    logs = "".join(company.log(name) for name in PROCESSES)
    assert '"cause": "quota"' not in logs
    assert "trouble" not in logs
    assert "flush_failed" not in logs


def announced(company: House) -> list[int]:
    """Return the orders whose announcement is noted in the sheet; each look is another user's."""
    url = f"{company.url}/v4/spreadsheets/naryad-demo/values/'Заявки'!A2:O"
    params = {"valueRenderOption": "UNFORMATTED_VALUE"}
    answer = company.http.get(url, params=params, headers={"Authorization": f"Bearer look{next(LOOKS)}"})
    return [row[0] for row in answer.json().get("values", []) if len(row) > 14 and row[14] != ""]
