"""`play` in a world of fakes: what ends it says why. See `tests/e2e/test_play.py` for the rest."""

import sys
from pathlib import Path

import pytest

from gansynth_live import session
from gansynth_live.render.schedule.scheduler import Scheduler
from gansynth_live.render.slots.render import Render
from tests.cli.conftest import Run
from tests.outside import Keyboards, move_in, small_model

PITCHES = 12


@pytest.mark.parametrize("rendered", [0, PITCHES])
def test_it_ends_with_the_reason_when_no_render_thread_is_left(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: int
) -> None:
    """Before it is ready, which it then never says, and afterwards."""
    poll = Scheduler.poll

    def broken(scheduler: Scheduler, on_call: bool = False) -> Render | None:
        if scheduler.counts.rendered >= rendered:
            raise OSError(28, "No space left on device")
        return poll(scheduler, on_call)

    monkeypatch.setattr(Scheduler, "poll", broken)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _seconds: None)
    move_in(monkeypatch, Keyboards(), session)
    outcome = run(
        "play", "--model", small_model(tmp_path), "--instruments", "cello", "--seconds", "20"
    )
    assert outcome.code == 2
    assert outcome.out.startswith("ready") == (rendered > 0)
    told = [line for line in outcome.err.splitlines() if line.startswith("gansynth-live: error")]
    reason = "OSError: [Errno 28] No space left on device"
    assert told == [f"gansynth-live: error: notes can no longer be rendered: {reason}"]
