"""How to change the sound of a note: methods compared on the shipped model (docs/morphing.md).

    python benchmarks/morphing.py half    # two timbres blended half and half
    python benchmarks/morphing.py change  # a sounding note changes from one to the other
    python benchmarks/morphing.py picture # the partials of one such change, change.png

Options: --keys N plays every Nth key only. All keys take some ten minutes each.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.bench.partials import Lens, Wave, decibels
from gansynth_live.bench.smooth import HEARD, Smoothness, smoothness
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.sphere import Latent
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.handover import Handover
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import Spectra, measured, transform
from gansynth_live.model.audio.stft import first_sample
from gansynth_live.pictures.canvas import INK, PAPER, dress, figure, save
from gansynth_live.render.notes.level import level_gain
from gansynth_live.render.notes.renderer import Inversion

PAIRS = (
    ("flute", "trumpet"),
    ("violin", "clarinet"),
    ("cello", "choir"),
    ("strings", "vibraphone"),
    ("clarinet", "grand piano"),
    ("saw lead", "warm pad"),
    ("french horn", "oboe"),
    ("church organ", "nylon guitar"),
)
STEADY = np.arange(0.6, 2.4, 0.02)  # seconds
CHANGE, SETTLED = 44, 24  # frames: 1.2 s and 0.6 s after the note-on
SPAN = (1.1, 1.6)  # seconds judged
FAR = 6.0  # dB
ANY_KEY = 60  # without air, the pitch of a note does not matter to its inversion

Image = NDArray[np.float32]


class Note(NamedTuple):
    """A note at the common level: mel-IF data [frames, mel_bins, 2], and its wave."""

    image: Image
    wave: Wave


class Bench:
    """The shipped model at its own sample rate, with both inversions."""

    def __init__(self) -> None:
        spec = load().bundle.spec
        self.instrument = load()
        self.rate, self.stft = spec.sample_rate, spec.stft
        self.locked = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
        self.faithful = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)

    def note(self, latent: Latent, key: int) -> Note:
        frames = self.instrument.renderer.generator.begin(latent[None], np.array([key]))
        image = frames.frames(0, self.stft.frames)[0].copy()
        wave = heard(self.locked, image)
        gain = np.float32(level_gain(wave, self.rate))
        image[..., 0] += 2 * np.log(gain)
        return Note(image, wave * gain)

    def ends(self, pair: tuple[str, str], key: int) -> tuple[Note, Note]:
        first, last = (self.instrument.library.played(name, key) for name in pair)
        return self.note(first, key), self.note(last, key)


def load() -> Instrument:
    return open_instrument(None, "phase-locked", 16_000)


def heard(inversion: Inversion, image: Image) -> Wave:
    wave: Wave = inversion.begin([0]).push(image[None])[0]
    return wave


def on_the_circle(first: Spectra, last: Spectra, share: float) -> NDArray[np.float32]:
    """Turns between two, each weighing by its magnitude."""
    total = (1 - share) * first.magnitude * np.exp(1j * np.pi * first.turn)
    total += share * last.magnitude * np.exp(1j * np.pi * last.turn)
    return np.asarray(np.angle(total) / np.pi, np.float32)


def half_blends(bench: Bench, notes: tuple[Note, Note]) -> Iterator[tuple[str, Wave]]:
    """Each method's name and wave, played phase-locked."""
    both = notes[0].wave + notes[1].wave
    yield "crossfade of renders, equal gain", both * np.float32(0.5)
    yield "crossfade of renders, equal power", both * np.float32(np.sqrt(0.5))
    for name, image in mean_images(notes):
        yield f"{name}, phase-locked", heard(bench.locked, image)


def mean_images(notes: tuple[Note, Note]) -> Iterator[tuple[str, Image]]:
    """Half way between the logarithms of magnitude, by each way to mix frequencies."""
    one, other = (note.image for note in notes)
    plain = (one + other) / np.float32(2)
    yield "log magnitude, frequency as a number", plain
    circular = plain.copy()
    first, last = (Spectra(np.exp(image[..., 0] / 2), image[..., 1]) for image in (one, other))
    circular[..., 1] = on_the_circle(first, last, 0.5)
    yield "log magnitude, frequency on the circle", circular


def half(keys: range) -> None:
    """Print how far the partials of half blends lie from their ends."""
    bench, off = Bench(), defaultdict[str, list[NDArray[np.float64]]](list)
    for pair in PAIRS:
        blend = Blend.of([(name, 0.5) for name in pair])
        for key in keys:
            latent = bench.instrument.library.latent(blend, key)
            lens, notes = Lens(key, bench.rate), bench.ends(pair, key)
            own = "the network's own blend, phase-locked", bench.note(latent, key).wave
            compare(lens, [note.wave for note in notes], [*half_blends(bench, notes), own], off)
            faithful = [heard(bench.faithful, note.image) for note in notes]
            for name, image in mean_images(notes):
                wave = heard(bench.faithful, image)
                compare(lens, faithful, [(f"{name}, faithful", wave)], off)
    print("| method | over 6 dB off the mean | over 6 dB below the lower end | over 3 dB |")
    for name, values in off.items():
        mean, low = np.concatenate(values, axis=1)
        shares = np.mean(np.abs(mean) > FAR), np.mean(low < -FAR), np.mean(low < -FAR / 2)
        print(f"| {name} |" + "|".join(f" {100 * share:.1f} % " for share in shares) + "|")


def compare(
    lens: Lens,
    ends: list[Wave],
    blends: list[tuple[str, Wave]],
    off: dict[str, list[NDArray[np.float64]]],
) -> None:
    """Add the levels of each blend's partials over the mean of the ends and over the lower one."""
    of_ends = [levels(lens, wave) for wave in ends]
    lower = np.minimum(*of_ends)
    counts = lower > np.max(of_ends) - HEARD
    for name, wave in blends:
        level = levels(lens, wave)
        off[name].append(np.stack([level - np.mean(of_ends, axis=0), level - lower])[:, counts])


def levels(lens: Lens, wave: Wave) -> NDArray[np.float64]:
    """Level in dB of each partial over the steady part."""
    return decibels(np.sqrt(np.square(np.abs(lens.tracks(wave, STEADY))).mean(0)))


def changes(bench: Bench, old: Note, new: Note) -> Iterator[tuple[str, Wave]]:
    """Each method's name and wave."""
    for seconds in (0.03, 0.1, 0.3):
        moments = np.arange(len(old.wave)) - first_sample(bench.stft, CHANGE)
        share = np.clip(moments / (seconds * bench.rate), 0, 1).astype(np.float32)
        wave = (1 - share) * old.wave + share * new.wave
        yield f"crossfade of renders in {1000 * seconds:.0f} ms", wave
    yield "handover", handed_over(bench, old.wave, new.image, CHANGE, 0, power=True)
    for count in (1, 2, 4):
        for name, power in (("log magnitude", False), ("power", True)):
            wave = handed_over(bench, old.wave, new.image, CHANGE, count, power)
            yield f"handover, {name} over {count} frames", wave
    yield "handover to itself", handed_over(bench, old.wave, old.image, CHANGE, 0, power=True)


def handed_over(bench: Bench, old: Wave, image: Image, frame: int, count: int, power: bool) -> Wave:
    """`old` goes on in `image` from `frame` on, in phase; `count` frames are between the two."""
    stft, unfolded = bench.stft, bench.locked.unfold(image[frame:])
    begin = first_sample(stft, frame) - stft.hop
    if count:
        before = measured(transform(old[begin:][: stft.fft_size + count * stft.hop], stft))
        for place in range(count):
            share = (place + 1) / (count + 1)
            one, other = (Spectra(s.magnitude[place], s.turn[place]) for s in (before, unfolded))
            unfolded.turn[place] = on_the_circle(one, other, share)
            unfolded.magnitude[place] = between(one.magnitude, other.magnitude, share, power)
    sound = old[begin:][: stft.fft_size]
    made = Handover(bench.locked, ANY_KEY, begin + stft.hop, sound).push(unfolded)
    return np.concatenate([old[: begin + stft.hop], made])[: len(old)]


def between(
    one: NDArray[np.float32], other: NDArray[np.float32], share: float, power: bool
) -> NDArray[np.float32]:
    """Magnitudes between two, in power or in its logarithm."""
    if power:
        return np.sqrt((1 - share) * np.square(one) + share * np.square(other))
    return one ** (1 - share) * other**share


def change(keys: range) -> None:
    """Print what changes of a sounding note do."""
    bench, found = Bench(), defaultdict[str, list[Smoothness]](list)
    stop = first_sample(bench.stft, bench.stft.frames)
    for pair in PAIRS:
        for key in keys:
            ends = bench.ends(pair, key)
            for old, new in (ends, ends[::-1]):
                settled = handed_over(bench, old.wave, new.image, SETTLED, 0, power=True)
                for name, wave in changes(bench, old, new):
                    end = old.wave if name.endswith("itself") else new.wave
                    both = old.wave[:stop], end[:stop]
                    judged = smoothness(wave[:stop], both, key, bench.rate, SPAN, [settled[:stop]])
                    found[name].append(judged)
    print("| method | partials that dip | pitch off, p95, worst | level, p95, worst | step |")
    for name, some in found.items():
        dipping = 100 * np.mean(np.concatenate([one.dips_db for one in some]) > FAR)
        row = [f"{dipping:.2f} %"]
        for values in ([one.cents for one in some], [one.level_db for one in some]):
            row.append(f"{np.percentile(values, 95):.1f} | {max(values):.1f}")
        steps = [one.step_db for one in some]
        row.append(f"{np.percentile(steps, 95):.1f} | {max(steps):.1f}")
        print(f"| {name} | " + " | ".join(row) + " |")


def picture() -> None:
    """Draw the partials of one change, made in two ways."""
    bench, key, shown = Bench(), 55, np.arange(0.9, 1.7, 0.004)
    old, new = bench.ends(("french horn", "oboe"), key)
    methods = dict(changes(bench, old, new))
    drawing = figure(9.0, 3.2)
    panels = drawing.subplots(1, 2, sharey=True)
    for axes, name in zip(panels, ("crossfade of renders in 100 ms", "handover"), strict=True):
        levels = decibels(Lens(key, bench.rate).tracks(methods[name], shown))[:, :8]
        axes.plot(shown, levels, linewidth=1.2)
        axes.set_title(name, color=INK, fontsize=9)
        axes.set_xlabel("seconds", color=INK, fontsize=8)
        axes.set_ylim(-55, -13)
        axes.set_facecolor(PAPER)
        dress(axes)
    panels[0].set_ylabel("level of partials 1 to 8, dB", color=INK, fontsize=8)
    save(drawing, Path("change.png"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=("half", "change", "picture"))
    parser.add_argument("--keys", type=int, default=1, metavar="N")
    chosen = parser.parse_args()
    keys = range(24, 85, chosen.keys)
    if chosen.table == "picture":
        picture()
    else:
        (half if chosen.table == "half" else change)(keys)
