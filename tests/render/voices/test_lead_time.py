"""The lead against a renderer whose times vary: few joins come too late, none waits for long."""

import numpy as np
import pytest

from gansynth_live.render.voices.lead_time import LeadTime

BLOCK = 0.0027  # seconds: what the driver adds at most


def perform(lead: LeadTime, network: float, rest: float, spread: float, joins: int) -> float:
    """Let voices go on, each time with random costs around those; share of joins too late."""
    random, late = np.random.default_rng(3), 0
    for _ in range(joins):
        seconds = np.array([network, rest]) * random.lognormal(0.0, spread, 2)
        in_time = seconds[1] + BLOCK * random.random() <= lead.last
        late += not in_time
        lead.record(*map(float, seconds))
        (lead.on_joined if in_time else lead.on_refused)()
    return late / joins


@pytest.mark.parametrize(("network", "rest"), [(0.010, 0.002), (0.080, 0.008)])
@pytest.mark.parametrize("spread", [0.1, 0.6])
def test_few_joins_come_too_late_and_none_waits_for_long(
    network: float, rest: float, spread: float
) -> None:
    lead = LeadTime()
    perform(lead, network, rest, spread, 200)
    assert perform(lead, network, rest, spread, 2000) < 0.04
    assert lead.last < 0.015 + 5 * rest


def test_a_quick_network_is_reckoned_with() -> None:
    lead, network = LeadTime(), 0.02
    perform(lead, network, 0.003, 0.01, 200)
    assert lead.last < lead.least < lead.last + network
    assert lead.whole == pytest.approx(lead.last + network, rel=0.02)


def test_where_time_waits_every_lead_is_the_same() -> None:
    lead = LeadTime()
    perform(lead, 0.01, 0.002, 0.5, 50)
    learnt = lead.whole
    lead.fixed = 0.04
    perform(lead, 0.01, 0.002, 0.5, 50)
    assert lead.whole == lead.least == lead.last == 0.04
    lead.fixed = None
    assert lead.whole == learnt


def test_the_longest_that_a_worker_was_busy_is_remembered_for_a_while() -> None:
    lead = LeadTime()
    for seconds in (0.1, 0.002):
        lead.record_busy(seconds)
    assert 0.09 < lead.busy < 0.1
    for _ in range(300):
        lead.record_busy(0.002)
    assert lead.busy == 0.002
    lead.record_busy(20.0)  # the machine slept
    assert lead.busy < 1.0
    lead.fixed = 0.04  # and where time waits, nobody is busy
    assert lead.busy == 0.0
