"""How soon sounding notes follow a knob: from a control change to the first changed sample.

The instrument plays under a private JACK server while another process holds chords and turns the
knob: single steps as a hand turns it, jumps to anywhere on the path, and sweeps. Where a
voice goes on in another render, its first changed sample is known exactly, so nothing has to be
heard; that what sounds is what was told is proved by an end-to-end test.
"""

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple, cast

import numpy as np

from gansynth_live.bench import private_jack as jack
from gansynth_live.bench.figures import Figure, Finding, Missing
from gansynth_live.bench.knob_score import (
    CHORDS,
    STEPS,
    Delays,
    Followed,
    Message,
    follow,
    passages,
)
from gansynth_live.bench.reference_model import reference_bundle
from gansynth_live.bench.told_play import Told
from gansynth_live.config import Config
from gansynth_live.errors import GansynthError
from gansynth_live.model.bundle import write_bundle

GROUP = "knob"
BLOCK = 128
ROUNDS = 3
STOP_SECONDS = 20
LAST_NOTE_MS = {4: 80.0, 8: 150.0}  # goals by notes held: 95 of 100 steps
UPDATES = {4: 15.0}  # goal by notes held, a second
COUNTS = {
    "swapped": "continuations heard",
    "refused": "continuations that came too late",
    "late_blocks": "late blocks",
}
FAULTS = {
    "starved": "voices that ran dry",
    "bad": "samples that were no number",
    "left_out": "blocks left out",
}


Run = tuple[list[Followed], Counter[str]]


class Sent(NamedTuple):
    """What the probe tells: how the server kept up."""

    late_blocks: int
    left_out: int


def measure(quick: bool) -> Iterator[Finding]:
    """Steps and sweeps under chords, with the shipped model and with GANSynth at its full size."""
    if not jack.is_installed():
        yield Missing(GROUP, "a JACK server", jack.CURE)
        return
    if find_spec("jack") is None:
        yield Missing(GROUP, "a second JACK client", "python -m pip install JACK-Client")
        return
    with (
        TemporaryDirectory(prefix="gansynth-bench-") as name,
        jack.private_jack(Path(name), BLOCK) as environment,
    ):
        folder = Path(name)
        rounds = 1 if quick else ROUNDS
        runs = [_perform(folder, [], environment, quick) for _ in range(rounds)]
        yield from _figures("", runs, goals=True)
        if not quick:
            settings = [f"model.path={json.dumps(str(_full_size_model(folder)))}"]
            runs = [_perform(folder, settings, environment, quick)]
            yield from _figures("GANSynth, ", runs, goals=False)


def _figures(model: str, runs: Sequence[Run], goals: bool) -> Iterator[Figure]:
    for chord, keys in enumerate(CHORDS):
        held = len(keys)
        some, name = [chords[chord] for chords, _ in runs], f"{model}{held} held"
        for kind in STEPS:
            goal = LAST_NOTE_MS.get(held) if goals and kind == "turn" else None
            yield from _step_figures(f"{name}, {kind}", [one.steps[kind] for one in some], goal)
        slowest = statistics.median(min(one.updates) for one in some)
        what = f"{name}, sweep: updates of the slowest note"
        goal = UPDATES.get(held) if goals else None
        yield Figure(GROUP, what, slowest, "a second", at_least=goal)
    counts = sum((counted for _, counted in runs), Counter[str]())
    for name, what in COUNTS.items():
        yield Figure(GROUP, f"{model}{what}", counts[name], "in all")
    for name, what in FAULTS.items():
        yield Figure(GROUP, f"{model}{what}", counts[name], "in all", at_most=0)


def _step_figures(name: str, runs: Sequence[Delays], goal: float | None) -> Iterator[Figure]:
    for note in ("first", "last"):
        for percent in (50, 95):
            values = [1e3 * float(np.percentile(getattr(run, note), percent)) for run in runs]
            at_most = goal if (note, percent) == ("last", 95) else None
            what = f"{name}: to the {note} changed note, {percent} of 100 within"
            yield Figure(GROUP, what, statistics.median(values), "ms", at_most=at_most)
    overtaken = sum(run.overtaken for run in runs)
    yield Figure(GROUP, f"{name}: overtaken by the next", overtaken, "steps")


def _perform(
    folder: Path, settings: Sequence[str], environment: Mapping[str, str], quick: bool
) -> Run:
    path, performance = folder / "told.json", passages(quick)
    player = [sys.executable, "-m", "gansynth_live.bench.told_play", str(path), *settings]
    with subprocess.Popen(  # noqa: S603
        player, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as playing:
        try:
            if not cast(IO[str], playing.stdout).readline().startswith("ready"):
                raise GansynthError("the instrument does not play; gansynth-live play says why")
            messages = [message for passage in performance for message in passage.messages]
            sent = _send(messages, environment)
        finally:
            playing.terminate()
            playing.wait(STOP_SECONDS)
    told = Told.read(path)
    counts = told.counts | {"late_blocks": sent.late_blocks, "left_out": sent.left_out}
    return list(follow(performance, told.arrivals, told.rate)), Counter(counts)


def _send(messages: list[Message], environment: Mapping[str, str]) -> Sent:
    run = subprocess.run(
        [sys.executable, "-m", "gansynth_live.bench.knob_probe"],
        input=json.dumps(messages),
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        last_line = run.stderr.strip().rpartition("\n")[2]
        raise GansynthError(f"the JACK probe failed: {last_line}")
    sent: dict[str, Any] = json.loads(run.stdout)
    return Sent(**sent)


def _full_size_model(folder: Path) -> Path:
    """A bundle that answers to the names of the morph path."""
    reference, random = reference_bundle(), np.random.default_rng(1)
    instruments = {
        name: random.standard_normal(reference.spec.latent_size).astype(np.float32)
        for name in Config().morph.instruments
    }
    path = folder / "reference"
    write_bundle(path, reference.spec, reference.weights, instruments)
    return path
