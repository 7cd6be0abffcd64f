"""`gansynth-live learn`: what it keeps, what it says, and what it refuses."""

import pytest

from tests.cli.conftest import Run


def test_a_number_is_kept_listed_and_forgotten(run: Run) -> None:
    assert run("learn").err == "nothing was learnt yet\n"
    learnt = run("learn", "effects.plate", "--cc", "40", "--channel", "2", "--high", "0.5")
    assert learnt.code == 0
    assert learnt.out.startswith("effects.plate: CC 40 on channel 2; kept in ")
    assert run("learn").out == "effects.plate: CC 91, CC 40 on channel 2\n"
    assert run("learn", "effects.plate", "--forget").code == 0
    assert run("learn").out == ""
    again = run("learn", "effects.plate", "--forget")
    assert (again.code, again.out) == (2, "")
    assert "nothing was learnt for effects.plate" in again.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["voice.atack", "--cc", "40"], "did you mean 'voice.attack'?"),
        (["audio.block", "--cc", "40"], "no controller can move that"),
        (["voice.attack", "--cc", "6"], "CC 6 has another meaning"),
        (["voice.attack", "--cc", "40", "--high", "1e9"], "voice.attack"),
    ],
)
def test_what_cannot_be_learnt_is_said_in_one_line(
    run: Run, arguments: list[str], reason: str
) -> None:
    outcome = run("learn", *arguments)
    assert outcome.code != 0
    assert reason in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert run("learn").out == ""
