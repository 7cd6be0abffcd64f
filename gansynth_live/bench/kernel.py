"""Voices per core: our kernel and FluidSynth's, taking turns on one thread.

Both render 64-frame blocks at 48 kHz; judged is the processor time that a voice takes for a second
of sound. Our voice reads a render at its own pitch, or through four-point interpolation where it is
bent, under an envelope. FluidSynth's default is four points too; its voice has a filter, two
low-frequency oscillators and a second envelope besides.

What touch, swaps and vibrato add to a voice is judged against the same voice without them, in the
same run. Vibrato makes every voice a bent one, so it is judged against those. Effects are judged by
the share of the time that they take.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gansynth_live.bench import fluidsynth
from gansynth_live.bench.figures import Figure, Finding, Missing, processor_seconds_of, taking_turns
from gansynth_live.bench.fluidsynth import FluidSynth, Interpolation
from gansynth_live.config import DRY
from gansynth_live.engine.process import process
from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.kernel.tone import NEUTRAL_VELOCITY
from gansynth_live.parameters.parameter import Value

SAMPLE_RATE = 48_000
BLOCK = 64
TURN = SAMPLE_RATE // 4  # frames of sound in a turn
ROUNDS = 9
VOICES = (64, 128, 256)
LOW, HIGH = 24, 84  # GANSynth's pitches: their renders fill 25 MB, so memory is read as in playing
SWAPS = 8  # a voice and turn: 32 a second
TOUCHED = 60  # velocity that darkens; 100 leaves the tone alone
DEAREST = 1.5  # times a plain voice
SWINGING = Vibrato(rate=5.0, depth=10.0, delay=0.0)
EFFECTS = ("plate", "ensemble", "delay")
MOST_OF_EFFECTS = 1.0  # % of the time
GOAL = 3.0  # times FluidSynth's polyphony with its default interpolation


def measure(quick: bool) -> Iterator[Finding]:
    """Voices per core at some polyphonies, and the ratio to FluidSynth."""
    if not fluidsynth.is_installed():
        yield Missing("kernel", "FluidSynth", fluidsynth.CURE)
    for voices in VOICES[:1] if quick else VOICES:
        yield from _measure_polyphony(voices, rounds=2 if quick else ROUNDS)
    yield from _measure_life(VOICES[1], rounds=2 if quick else ROUNDS)
    yield from _measure_effects(rounds=2 if quick else ROUNDS)


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


def _measure_life(voices: int, rounds: int) -> Iterator[Finding]:
    """What a voice costs with touch and with swaps, in times of what it costs without."""
    for bent in (False, True):
        kinds = {
            "plain": (NEUTRAL_VELOCITY, 0),
            "touch": (TOUCHED, 0),
            "32 swaps a second": (NEUTRAL_VELOCITY, SWAPS),
            "touch and 32 swaps a second": (TOUCHED, SWAPS),
        }
        turns = [
            partial(_turn_seconds, held_voices(voices, bent, velocity), swaps)
            for velocity, swaps in kinds.values()
        ]
        for turn in turns:
            turn()
        plain, *others = taking_turns(rounds, *turns)
        pitch = "bent" if bent else "own pitch"
        for kind, spent in zip(list(kinds)[1:], others, strict=True):
            name = f"{voices} voices, {pitch}, {kind} / plain, processor time"
            yield Figure("kernel", name, spent / plain, "x", at_most=DEAREST)
    yield from _measure_vibrato(voices, rounds)


def _measure_vibrato(voices: int, rounds: int) -> Iterator[Finding]:
    """What a voice costs with vibrato, in times of a bent one and of one at its own pitch."""
    machines = (
        held_voices(voices, bent=False),
        held_voices(voices, bent=True),
        held_voices(voices, bent=True, vibrato=SWINGING),
    )
    turns = [partial(_turn_seconds, machine, 0) for machine in machines]
    for turn in turns:
        turn()
    own, bent, swinging = taking_turns(rounds, *turns)
    name = f"{voices} voices, vibrato / bent, processor time"
    yield Figure("kernel", name, swinging / bent, "x", at_most=DEAREST)
    name = f"{voices} voices, vibrato / own pitch, processor time"
    yield Figure("kernel", name, swinging / own, "x")


def _measure_effects(rounds: int) -> Iterator[Finding]:
    """What share of the time each effect takes that is fed by a voice, and all of them."""
    kinds: dict[str, dict[str, Value]] = {name: {f"effects.{name}": 1.0} for name in EFFECTS}
    kinds["all effects"] = {name: value for kind in kinds.values() for name, value in kind.items()}
    machines = [held_voices(1, bent=False)]
    machines += [held_voices(1, bent=False, effects=kind) for kind in kinds.values()]
    turns = [partial(_turn_seconds, machine, 0) for machine in machines]
    for turn in turns:
        turn()
    dry, *wet = taking_turns(rounds, *turns)
    for name, spent in zip(kinds, wet, strict=True):
        share = 100.0 * (spent - dry) / (TURN / SAMPLE_RATE)
        goal = MOST_OF_EFFECTS if name == "all effects" else None
        yield Figure("kernel", f"{name}, share of the time", share, "%", at_most=goal)


def _turn_seconds(machine: Machine, swaps: int) -> float:
    """Processor time of a turn in which every voice goes on in another slot `swaps` times."""
    plan_swaps(machine, swaps)
    return processor_seconds_of(partial(play, machine))


def plan_swaps(machine: Machine, swaps: int) -> None:
    """Let every voice swap `swaps` times within the next turn, each at moments of its own.

    The commands act where a block begins, as those of the renderer do.
    """
    apart = TURN // max(swaps, 1)
    now = machine.snapshot().frame
    voices = machine.voices()
    for number in range(swaps):
        for voice in voices:
            wait = number * apart + int(voice.index) * apart // len(machine.memory.voices)
            wait -= wait % BLOCK
            here = voice.position + voice.step * (voice.elapsed + wait + BLOCK)
            at, source = int(here) >> 32, (int(voice.slot) + number) % len(machine.slots)
            slot = (source + 1) % len(machine.slots)
            serial = int(voice.serial)
            machine.swap(int(voice.index), serial, source, at, slot, at, frame=now + wait)


def held_voices(
    voices: int,
    bent: bool,
    velocity: int = NEUTRAL_VELOCITY,
    vibrato: Vibrato = NO_VIBRATO,
    effects: Mapping[str, Value] = DRY,
) -> Machine:
    """A machine in which `voices` notes are held.

    Args:
        voices: how many; the keys of some channels in turn.
        bent: whether their renders are of other pitches.
        velocity: of each.
        vibrato: of each.
        effects: what is sent to them, by the ids of parameters.
    """
    values = {"voice.polyphony": voices, **DRY, **effects}
    machine = Machine(SAMPLE_RATE, values, slots=HIGH - LOW + 1)
    random = np.random.default_rng(1)
    for slot, key in enumerate(range(LOW, HIGH + 1)):
        noise = random.standard_normal(machine.slots.frames, np.float32)
        machine.slots.begin(slot, vibrato)
        machine.slots.fill(slot, np.float32(0.05) * noise)
        machine.slots.finish(slot)
        machine.publish(slot, root=key + bent, low=key, high=key)
    for note in range(voices):
        channel, step = divmod(note, HIGH - LOW + 1)
        machine.send(-1, 0x90 | channel, LOW + step, velocity)
    return machine


def play(machine: Machine) -> None:
    """Render one turn in blocks of 64 frames."""
    block = np.empty((2, BLOCK), np.float32)
    _play_blocks(machine.memory, block[0], block[1], TURN // BLOCK)


@compiled_entry()
def _play_blocks(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], blocks: int
) -> None:
    for _ in range(blocks):
        process(memory, left, right, len(left))
