"""Time to make a note: both families, the whole note and its first slice, beside the original.

GANSynth at its real size has the same weights in both programs. The original's time is that of its
own `generate_samples_from_z` for one note. Ours is timed twice: for the same result (faithful
inversion, 16 kHz), and as it is played (phase-locked inversion, 48 kHz). On one thread processor
time is counted, which a busy machine changes little; on all threads, the clock.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

from gansynth_live.bench import original
from gansynth_live.bench.figures import (
    Figure,
    Finding,
    Missing,
    processor_seconds_of,
    seconds_of,
    taking_turns,
)
from gansynth_live.bench.original import original_process
from gansynth_live.bench.reference_model import PITCH, reference_bundle
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import Bundle, default_bundle_path, load_bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.render.notes.renderer import SLICE_STOPS, NoteRenderer

DEVICE_RATE = 48_000
ROUNDS = 7
FULL_NOTE_GOAL = 1.3  # times faster than the original
FIRST_SOUND_GOAL = 8.0  # times sooner than the original's first sound, which is its whole note

SAME_RESULT = "GANSynth, whole note as the original's"
THEIRS = "original, whole note"

Work = Callable[[], object]


def measure(quick: bool) -> Iterator[Finding]:
    """Milliseconds a note and to the first slice, on one thread and on all."""
    if not original.is_installed():
        yield Missing("render", "Magenta's original GANSynth", original.CURE)
    cores = os.cpu_count() or 1
    for threads in (1,) if quick or cores == 1 else (1, cores):
        yield from _measure_threads(threads, quick)


def _measure_threads(threads: int, quick: bool) -> Iterator[Finding]:
    reference, shipped = reference_bundle(), load_bundle(default_bundle_path())
    works = {
        SAME_RESULT: _whole_as_original(reference, threads),
        **_works_as_played("GANSynth", reference, threads),
        **_works_as_played("shipped model", shipped, threads),
    }
    clock = processor_seconds_of if threads == 1 else seconds_of
    turns: dict[str, Callable[[], float]] = {
        name: partial(clock, work) for name, work in works.items()
    }
    with ExitStack() as stack:
        if original.is_installed() and not quick:
            peer = stack.enter_context(original_process(threads))
            turns[THEIRS] = partial(peer.note_seconds, processor=threads == 1)
        for turn in turns.values():
            turn()  # graphs are built, memory is there
        seconds = taking_turns(1 if quick else ROUNDS, *turns.values())
    spent = dict(zip(turns, seconds, strict=True))
    where = f"on {threads} thread{'s' if threads > 1 else ''}"
    for name, value in spent.items():
        yield Figure("render", f"{name}, {where}", 1e3 * value, "ms")
    if theirs := spent.get(THEIRS):
        full = theirs / spent[SAME_RESULT]
        first = theirs / spent["GANSynth, first slice"]
        yield Figure("render", f"whole note faster, {where}", full, "x", at_least=FULL_NOTE_GOAL)
        yield Figure(
            "render", f"first sound sooner, {where}", first, "x", at_least=FIRST_SOUND_GOAL
        )


def _whole_as_original(bundle: Bundle, threads: int) -> Work:
    spec = bundle.spec
    inversion = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    renderer = NoteRenderer(open_generator(bundle, threads), inversion, spec.sample_rate)
    (z,) = bundle.instruments.values()
    return partial(renderer.render_whole, z, PITCH)


def _works_as_played(name: str, bundle: Bundle, threads: int) -> dict[str, Work]:
    spec = bundle.spec
    inversion = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    renderer = NoteRenderer(open_generator(bundle, threads), inversion, DEVICE_RATE)
    z = next(iter(bundle.instruments.values()))
    return {
        f"{name}, whole note": partial(renderer.render_whole, z, PITCH),
        f"{name}, first slice": lambda: renderer.begin(z, PITCH).advance(SLICE_STOPS[0]),
    }
