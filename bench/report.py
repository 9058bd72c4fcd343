"""How a figure is printed and how many figures become one."""

import json
import statistics
from collections.abc import Sequence


def report(name: str, value: float, unit: str, goal: str) -> None:
    """Print one figure with its goal as one JSON line."""
    print(
        json.dumps(
            {"name": name, "value": round(value, 3), "unit": unit, "goal": goal}
        ),
        flush=True,
    )


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
