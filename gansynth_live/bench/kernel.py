"""Voices per core: our kernel and FluidSynth's, taking turns on one thread.

Both render 64-frame blocks at 48 kHz; judged is the processor time that a voice takes for a second
of sound. Our voice reads a render at its own pitch, or through four-point interpolation where it is
bent, under an envelope. FluidSynth's default is four points too; its voice has a filter, two
low-frequency oscillators and a second envelope besides.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gansynth_live.bench import fluidsynth
from gansynth_live.bench.figures import Figure, Finding, Missing, processor_seconds_of, taking_turns
from gansynth_live.bench.fluidsynth import FluidSynth, Interpolation
from gansynth_live.engine.process import process
from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.settings import Settings

SAMPLE_RATE = 48_000
BLOCK = 64
TURN = SAMPLE_RATE // 4  # frames of sound in a turn
ROUNDS = 9
VOICES = (64, 128, 256)
LOW, HIGH = 24, 84  # GANSynth's pitches: their renders fill 47 MB, so memory is read as in playing
GOAL = 3.0  # times FluidSynth's polyphony with its default interpolation


def measure(quick: bool) -> Iterator[Finding]:
    """Voices per core at some polyphonies, and the ratio to FluidSynth."""
    if not fluidsynth.is_installed():
        yield Missing("kernel", "FluidSynth", fluidsynth.CURE)
    for voices in VOICES[:1] if quick else VOICES:
        yield from _measure_polyphony(voices, rounds=2 if quick else ROUNDS)


def _measure_polyphony(voices: int, rounds: int) -> Iterator[Finding]:
    with ExitStack() as open_peers:
        turns: dict[str, Callable[[], object]] = {
            "own pitch": partial(play, held_voices(voices, bent=False)),
            "bent": partial(play, held_voices(voices, bent=True)),
        }
        if fluidsynth.is_installed():
            for interpolation in Interpolation:
                peer = open_peers.enter_context(FluidSynth(SAMPLE_RATE, interpolation))
                peer.hold(voices)
                name = f"FluidSynth {interpolation.name.lower()}"
                turns[name] = partial(peer.render, TURN)
        for turn in turns.values():
            turn()  # attacks are over, caches are warm
        seconds = taking_turns(
            rounds, *(partial(processor_seconds_of, turn) for turn in turns.values())
        )
    per_core = {
        name: voices * TURN / SAMPLE_RATE / spent
        for name, spent in zip(turns, seconds, strict=True)
    }
    for name, value in per_core.items():
        yield Figure("kernel", f"{voices} voices, {name}", value, "voices/core")
    if default := per_core.get("FluidSynth default"):
        for ours in ("own pitch", "bent"):
            name = f"{voices} voices, {ours} / FluidSynth default"
            yield Figure("kernel", name, per_core[ours] / default, "x", at_least=GOAL)


def held_voices(voices: int, bent: bool) -> Machine:
    """A machine in which `voices` notes are held; `bent`: their renders are of other pitches."""
    machine = Machine(SAMPLE_RATE, Settings(polyphony=voices), slots=HIGH - LOW + 1)
    random = np.random.default_rng(1)
    for slot, key in enumerate(range(LOW, HIGH + 1)):
        noise = random.standard_normal(machine.slot_frames, np.float32)
        machine.fill(slot, 0, np.float32(0.05) * noise)
        machine.finish(slot)
        machine.publish(slot, root=key + bent, low=key, high=key)
    for note in range(voices):
        channel, step = divmod(note, HIGH - LOW + 1)
        machine.send(-1, 0x90 | channel, LOW + step, 100)
    return machine


def play(machine: Machine) -> None:
    """Render one turn in blocks of 64 frames."""
    block = np.empty((2, BLOCK), np.float32)
    _play_blocks(machine.memory, block[0], block[1], TURN // BLOCK)


@compiled_entry
def _play_blocks(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], blocks: int
) -> None:
    for _ in range(blocks):
        process(memory, left, right, len(left))
