"""The pace against a renderer whose times vary: few joins come too late, none waits for long."""

import numpy as np
import pytest

from gansynth_live.render.pace import Pace

BLOCK = 0.0027  # seconds: what the driver adds at most


def perform(pace: Pace, network: float, rest: float, spread: float, joins: int) -> float:
    """Let voices go on, each time with random costs around those; share of joins too late."""
    random, late = np.random.default_rng(3), 0
    for _ in range(joins):
        seconds = np.array([network, rest]) * random.lognormal(0.0, spread, 2)
        in_time = seconds[1] + BLOCK * random.random() <= pace.last_lead
        late += not in_time
        pace.made(*map(float, seconds))
        (pace.joined if in_time else pace.refused)()
    return late / joins


@pytest.mark.parametrize(("network", "rest"), [(0.010, 0.002), (0.080, 0.008)])
@pytest.mark.parametrize("spread", [0.1, 0.6])
def test_few_joins_come_too_late_and_none_waits_for_long(
    network: float, rest: float, spread: float
) -> None:
    pace = Pace()
    perform(pace, network, rest, spread, 200)
    assert perform(pace, network, rest, spread, 2000) < 0.04
    assert pace.last_lead < 0.015 + 5 * rest


def test_a_quick_network_is_reckoned_with() -> None:
    pace, network = Pace(), 0.02
    perform(pace, network, 0.003, 0.01, 200)
    assert pace.last_lead < pace.least_lead < pace.last_lead + network
    assert pace.lead == pytest.approx(pace.last_lead + network, rel=0.02)


def test_where_time_waits_every_lead_is_the_same() -> None:
    pace = Pace()
    perform(pace, 0.01, 0.002, 0.5, 50)
    learnt = pace.lead
    pace.fixed = 0.04
    perform(pace, 0.01, 0.002, 0.5, 50)
    assert pace.lead == pace.least_lead == pace.last_lead == 0.04
    pace.fixed = None
    assert pace.lead == learnt
