"""`gansynth-live play`, which tells at its end when each voice went on in what.

    python -m gansynth_live.bench.told_play FILE [SETTING=VALUE ...]

Says `ready` and plays over JACK until SIGTERM, then writes what happened to FILE as JSON. From
SIGUSR2 on the interpreter's lock is fought over (see `loaded_play`).
"""

import dataclasses
import json
import signal
import sys
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from gansynth_live.bench.loaded_play import begin
from gansynth_live.cli.play import SWITCH_SECONDS
from gansynth_live.config import load_config
from gansynth_live.latent.blend import Blend
from gansynth_live.render.voices.tracker import VoiceSwitch
from gansynth_live.session import Session


class Told(NamedTuple):
    """What a performance left behind.

    Attributes:
        arrivals: when voices began and went on, in order.
        rate: that their samples are counted at, Hz.
        counts: the machine's counters at the end, by name.
    """

    arrivals: list[VoiceSwitch]
    rate: int
    counts: dict[str, int]

    @classmethod
    def read(cls, path: Path) -> "Told":
        """What FILE says."""
        written = json.loads(path.read_text())
        arrivals = [
            VoiceSwitch(serial, start, _blend(timbre))
            for serial, start, timbre in written["arrivals"]
        ]
        return cls(arrivals, written["rate"], written["counts"])


def perform(path: Path, settings: list[str]) -> None:
    """Play until SIGTERM."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGUSR2, begin)
    sys.setswitchinterval(SWITCH_SECONDS)
    config = load_config(overrides=['audio.driver="jack"', *settings])
    arrivals: list[VoiceSwitch] = []
    with Session(config, say, arrivals.append) as session:
        session.synth.renders.wait_until_ready()
        say("ready", sys.stdout)
        while not stop.wait(0.1) and session.wait(0.0):
            pass
        counts = dataclasses.asdict(session.synth.snapshot().engine)
        rate = session.synth.renders.scheduler.renderer.locked.sample_rate
    told = [(serial, start, _parts(timbre)) for serial, start, timbre in arrivals]
    path.write_text(json.dumps({"arrivals": told, "rate": rate, "counts": counts}))


def say(line: str, stream: Any = sys.stderr) -> None:
    """Tell at once."""
    stream.write(f"{line}\n")
    stream.flush()


def _parts(timbre: Any) -> Any:
    return dataclasses.astuple(timbre)


def _blend(parts: Any) -> Blend:
    weights, focus, moves = parts
    return Blend(tuple(map(tuple, weights)), focus, tuple(map(tuple, moves)))


if __name__ == "__main__":
    perform(Path(sys.argv[1]), sys.argv[2:])
