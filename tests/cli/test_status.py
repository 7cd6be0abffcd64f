"""How `play` shows how it stands."""

import io
import json
import sys
from typing import Any

import pytest

from gansynth_live.cli.status import live_status, status_json, status_line
from gansynth_live.kernel.snapshot import Snapshot
from gansynth_live.latent.blend import Blend
from gansynth_live.render.schedule.snapshot import RenderSnapshot, SlotCounts
from gansynth_live.synth import SynthSnapshot


def snapshot(peak: float = 0.5, xruns: int = 0) -> SynthSnapshot:
    counts: dict[str, Any] = dict.fromkeys(Snapshot.__dataclass_fields__, 0)
    engine = Snapshot(**{**counts, "voices": 3, "xruns": xruns, "peak": peak, "reduction": 1.0})
    numbers: dict[str, Any] = dict.fromkeys(RenderSnapshot.__dataclass_fields__, 0)
    renders = RenderSnapshot(
        **{**numbers, "keys": 61, "fresh": 40, "used": SlotCounts(), "stale_ms": ()}
    )
    blends = (Blend.of([("cello", 3.0), ("flute", 1.0)]), Blend.only("harp"))
    return SynthSnapshot(blends, engine, renders, 0)


def test_a_line_says_level_voices_keys_and_blends() -> None:
    line = status_line(snapshot())
    assert line == ("[#########.]  -6 dB  3 voices  40/61 keys fresh  75% cello + 25% flute | harp")
    assert "\x1b" not in line
    assert "[..........] -60 dB" in status_line(snapshot(peak=0.0))
    assert "2 late" in status_line(snapshot(xruns=2))


def test_json_says_the_same_for_programs() -> None:
    told = json.loads(status_json(snapshot()))
    assert (told["voices"], told["keys_fresh"], told["keys"]) == (3, 40, 61)
    assert told["blends"][0]["instruments"] == {"cello": 0.75, "flute": 0.25}


def test_json_goes_to_standard_output_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    with live_status(True) as (show, seconds):
        show(snapshot())
        show(snapshot())
    assert seconds == 1.0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["voices"] for line in lines] == [3, 3]


class Screen(io.StringIO):
    """A terminal as wide as 60 letters."""

    def isatty(self) -> bool:
        return True


def shown_on(monkeypatch: pytest.MonkeyPatch, kind: str) -> str:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    for name, value in {"TERM": kind, "COLUMNS": "60", "LINES": "20"}.items():
        monkeypatch.setenv(name, value)
    with live_status(False) as (show, _):
        for _ in range(3):
            show(snapshot())
        print("said meanwhile", file=sys.stderr)
        show(snapshot())
    return screen.getvalue()


def test_a_terminal_shows_one_line_that_stays_below_what_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = shown_on(monkeypatch, "xterm")
    assert "3 voices" in shown
    assert "said meanwhile\n" in shown
    assert "\x1b[2J" not in shown, "the screen is never cleared"
    assert "\x1b[3" not in shown, "and there are no colours"


def test_a_dumb_terminal_and_a_file_stay_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown_on(monkeypatch, "dumb") == "said meanwhile\n"
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with live_status(False) as (show, _):
        show(snapshot())
    assert file.getvalue() == ""
