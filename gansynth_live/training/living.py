"""How the partials of real notes fluctuate, and a model's do not: measured for `living.json`."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.living import DEPTH_HERTZ, Living
from gansynth_live.model.living.file import Livings
from gansynth_live.training.listen import Listener
from gansynth_live.training.notes import NoteSet
from gansynth_live.units import key_to_hz

SAMPLE_RATE = 16000
HEARD = (0.5, 2.8)  # seconds
RATE = 64  # looks a second
MOST, HIGHEST, WITHIN_DB = 16, 6000.0, 35.0  # partials: how many, Hz, below the loudest
SLOWEST, FASTEST = 0.4, 8.0  # Hz of what counts as a fluctuation
HALF_WIDTH = 14.0  # Hz of a partial's band, to either side
NEAR = 0.5  # octaves within which partials tell of a frequency
PARTING = 1000.0  # Hz between what tells the lower and the higher rate
KEYS, EVERY = (36, 74), 6  # that are compared: from, to, and one in so many
LEAST_DB = 0.3  # mean depth that is worth keeping

Wave = NDArray[np.floating]
Floats = NDArray[np.float64]


class Partials(NamedTuple):
    """Fluctuations of one note's partials.

    Attributes:
        hertz: of each, [n].
        depth: standard deviation of its level in dB, [n].
        rate: centroid of the level's spectrum in Hz, [n].
        levels: in dB, slow course taken out, [n, looks].
        common: share of the variance that lies in the mean course.
        common_rate: centroid of that, Hz.
    """

    hertz: Floats
    depth: Floats
    rate: Floats
    levels: Floats
    common: float
    common_rate: float


def measured(listener: Listener, notes: NoteSet, progress: Callable[[float], None]) -> Livings:
    """What each instrument of a model lacks, by name, against a set of notes.

    Keys in the middle are compared, some of each; those that nothing lacks are left out.
    """
    found = {}
    for row, name in enumerate(notes.names):
        cells = np.flatnonzero((notes.instrument == row) & (notes.pitch >= KEYS[0]))
        cells = cells[notes.pitch[cells] <= KEYS[1]][::EVERY]
        if name in listener.bundle.instruments and len(cells):
            keys = notes.pitch[cells].tolist()
            made = listener.notes(listener.latents([name] * len(keys), keys), keys)
            real = [notes.wave(int(cell)) for cell in cells]
            living = living_of(
                *(
                    [partials_of(wave, key) for wave, key in zip(waves, keys, strict=True)]
                    for waves in (real, made)
                )
            )
            if living is not None:
                found[name] = living
        progress(1.0)
    return found


def partials_of(wave: Wave, key: int) -> Partials | None:
    """What the partials of a note [64000] do while it is held; None where none sounds so long."""
    envelopes, hertz = _envelopes(np.asarray(wave, np.float64), key)
    size = np.abs(envelopes)
    lasting = 20 * np.log10(size[:, -10:].mean(1) / size.max(1) + 1e-9) > -WITHIN_DB
    if not lasting.any():
        return None
    size, hertz = size[lasting], hertz[lasting]
    levels = _fluctuation(20 * np.log10(np.maximum(size, 0.01 * size.max(1, keepdims=True))))
    mean, count = levels.mean(0, keepdims=True), len(levels)
    share = float(mean.var() / (levels.var(1).mean() + 1e-12))
    common = max(0.0, (share - 1 / count) / (1 - 1 / count)) if count > 1 else 0.0
    return Partials(
        hertz, levels.std(1), _centroids(levels), levels, common, float(_centroids(mean)[0])
    )


def living_of(real: Sequence[Partials | None], made: Sequence[Partials | None]) -> Living | None:
    """What a model's notes lack of real ones' fluctuation; None where that is next to nothing."""
    known = [each for each in real if each is not None]
    if not known:
        return None
    hertz, depth, rate = (
        np.concatenate([getattr(each, name) for each in known])
        for name in ("hertz", "depth", "rate")
    )
    ours = [each.depth for each in made if each is not None]
    kept = float(np.median(np.concatenate(ours))) if ours else 0.0
    depths = []
    for place in DEPTH_HERTZ:
        weight = np.exp(-0.5 * np.square(np.log2(hertz / place) / NEAR)) + 1e-9
        whole = float(np.average(depth, weights=weight))
        depths.append(round(float(np.sqrt(max(whole**2 - kept**2, 0.0))), 2))
    if np.mean(depths) < LEAST_DB:
        return None
    low = hertz < PARTING
    rates = [rate[side].mean() if side.any() else rate.mean() for side in (low, ~low)]
    common = float(np.median([each.common for each in known]))
    together = float(np.median([each.common_rate for each in known]))
    low_rate, high_rate = (round(float(value), 2) for value in rates)
    return Living(tuple(depths), (low_rate, high_rate), round(common, 2), round(together, 2))


def _envelopes(wave: Floats, key: int) -> tuple[NDArray[np.complex128], Floats]:
    """Complex envelopes [n, looks] at 64 Hz of the strong partials, and their frequencies."""
    pitch, count = key_to_hz(key), len(wave)
    spectrum, step = np.fft.fft(wave), SAMPLE_RATE / count
    looks = count * RATE // SAMPLE_RATE
    reach = int(min(HALF_WIDTH, 0.45 * pitch) / step)
    around = np.arange(-reach, reach + 1)
    taper = 0.5 + 0.5 * np.cos(np.pi * np.clip((np.abs(around) / reach - 0.6) / 0.4, 0, 1))
    hertz = pitch * np.arange(1, MOST + 1)
    hertz = hertz[hertz <= HIGHEST]
    inside = slice(int(HEARD[0] * RATE), int(HEARD[1] * RATE))
    found = []
    for place in np.rint(hertz / step).astype(np.int64):
        narrow = np.zeros(looks, np.complex128)
        narrow[around % looks] = spectrum[place + around] * taper
        found.append((np.fft.ifft(narrow) * looks / count * 2)[inside])
    envelopes = np.array(found)
    level = 10 * np.log10(np.square(np.abs(envelopes)).mean(1) + 1e-18)
    strong = level > level.max() - WITHIN_DB
    return envelopes[strong], hertz[strong]


def _fluctuation(levels: Floats) -> Floats:
    """Courses [n, looks] between 0.4 and 8 Hz, without their quadratic trend."""
    time = np.vander(np.linspace(-1, 1, levels.shape[1]), 3)
    rest = levels - (time @ np.linalg.lstsq(time, levels.T, rcond=None)[0]).T
    spectrum, hertz = np.fft.rfft(rest, axis=1), np.fft.rfftfreq(rest.shape[1], 1 / RATE)
    spectrum[:, (hertz < SLOWEST) | (hertz > FASTEST)] = 0
    return np.asarray(np.fft.irfft(spectrum, rest.shape[1], axis=1), np.float64)


def _centroids(levels: Floats) -> Floats:
    power = np.square(np.abs(np.fft.rfft(levels * np.hanning(levels.shape[1]), axis=1)))
    hertz = np.fft.rfftfreq(levels.shape[1], 1 / RATE)
    return np.asarray((power * hertz).sum(1) / (power.sum(1) + 1e-12), np.float64)
