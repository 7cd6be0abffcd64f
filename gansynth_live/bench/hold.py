"""How a note holds out: judged on minutes of its wave, against its own first seconds.

A held note must not click, drift, swell or repeat itself. What it does in its first seconds, which
come straight from the network, is what it may do later.
"""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import find_peaks

from gansynth_live.bench.partials import (
    Floats,
    Lens,
    Tracks,
    Wave,
    block_levels,
    block_peaks,
    decibels,
    outside,
)

CLICK_GOAL = 6.0  # dB over the note's own sharpest moment
DRIFT_GOAL = 2.0  # cents
WANDER_GOAL = 2.0  # dB from the first seconds, for a sustained note
RISE_GOAL = 2.0  # dB above what it fell to, for a decaying one
LOOP_GOAL = 0.5  # of the envelope's autocorrelation

OWN = (0.6, 2.4)  # seconds that come from the network itself
HOP = 0.020  # seconds between looks at the envelope
BLOCK = 0.040  # seconds, a period of the lowest key at least, in which the sharpest moment counts
NEARBY = 13  # such blocks, half a second: what a click stands out from
PART = 0.6  # seconds of its own that count alone: pitch and level may turn slowly, as a rotor does
STRETCH = 5.0  # seconds over which pitch and level are averaged
LOOP_SECONDS = (0.2, 5.0)
STANDS_OUT = 0.15  # of a peak above its surroundings (slow swelling has none) or above another
SLOWEST = 10.0  # seconds: slower swelling is no loop of 5 s
STILL = 0.05  # dB, RMS: an envelope that moves less repeats nothing that can be heard
SILENT = -90.0  # dB below which nothing counts
DEEPEST = 40.0  # dB below its mean at which a partial's envelope is cut


class Hold(NamedTuple):
    """What a held note does.

    Attributes:
        click_db: its sharpest moment, against what is nearby, over the sharpest of its own seconds.
        drift: how far the pitch of any 5 s leaves that of its own seconds, in cents.
        wander_db: how far the level of any 5 s leaves that of its own seconds.
        rise_db: the most that it gets louder than it has been before.
        loudness_loop, partials_loop: highest peak of the autocorrelation, between 0.2 and 5 s, of
            its loudness and of the levels of all its partials; 1 for a perfect loop. A tremolo or
            beat that its own seconds have is none.
    """

    click_db: float
    drift: float
    wander_db: float
    rise_db: float
    loudness_loop: float
    partials_loop: float

    @property
    def is_even(self) -> bool:
        """Whether its level stays or only falls."""
        return self.wander_db <= WANDER_GOAL or self.rise_db <= RISE_GOAL

    @property
    def loop(self) -> float:
        """The clearer of both signs of a loop."""
        return max(self.loudness_loop, self.partials_loop)


def hold(wave: Wave, key: int, sample_rate: int) -> Hold:
    """Judge the wave [n] of a note of MIDI `key`, from its note-on on, while it is held.

    At least 15 s. Of a note that dies away the part counts that can be heard, in stretches of 5 s.
    """
    stretches = block_levels(wave, round(STRETCH * sample_rate))
    silent = np.flatnonzero(stretches[1:] < SILENT)
    heard = int(silent[0]) + 1 if len(silent) else len(stretches)
    stretches, seconds = stretches[:heard], heard * STRETCH
    lens = Lens(key, sample_rate)
    looks = np.arange(OWN[0], seconds - OWN[0], HOP)
    tracks = lens.tracks(wave, looks)
    own = round((OWN[1] - OWN[0]) / HOP)
    own_seconds = slice(*(round(second * sample_rate) for second in OWN))
    own_levels = block_levels(wave[own_seconds], round(PART * sample_rate))
    return Hold(
        click_db=_click(wave[: round(seconds * sample_rate)], sample_rate),
        drift=_drift(lens, tracks, own),
        wander_db=outside(stretches, own_levels.min(), own_levels.max()),
        rise_db=float((stretches - np.minimum.accumulate(stretches)).max()),
        loudness_loop=loop_peak(_loudness(tracks), own),
        partials_loop=loop_peak(_partial_levels(tracks), own),
    )


def loop_peak(envelopes: Floats, own: int) -> float:
    """Highest autocorrelation of `envelopes` [looks, any] in dB that tells of a loop; 0 if none.

    All columns count together, by how much they move. No loop is a peak that the first `own` looks
    have too, nor one that is not above those of shorter times: a tremolo comes again and again.
    """
    lags = _autocorrelation(envelopes)
    natural = _autocorrelation(envelopes[:own])
    peaks, _ = find_peaks(lags, prominence=STANDS_OUT)
    first, last = (round(seconds / HOP) for seconds in LOOP_SECONDS)
    highest = found = 0.0
    for peak in peaks[peaks <= last]:
        before = natural[peak - 1 : peak + 2].max(initial=0.0)
        if peak >= first and lags[peak] > max(highest, before) + STANDS_OUT:
            found = max(found, float(lags[peak]))
        highest = max(highest, float(lags[peak]))
    return found


def _autocorrelation(envelopes: Floats) -> Floats:
    """From 0 to beyond the longest loop, but over no more than two thirds of the looks; 1 at 0."""
    slow = uniform_filter1d(envelopes, min(round(SLOWEST / HOP), len(envelopes)), axis=0)
    moving = envelopes - slow
    count = min(round(LOOP_SECONDS[1] / HOP) + 2, 2 * len(moving) // 3)
    if np.square(moving).mean() < STILL**2:
        return np.zeros(count)
    size = 2 * len(moving)
    spectrum = np.square(np.abs(np.fft.rfft(moving, size, axis=0))).sum(1)
    lags = np.fft.irfft(spectrum, size)[:count]
    return np.asarray(lags / lags[0] / (1 - np.arange(count) / len(moving)), np.float64)


def _click(wave: Wave, rate: int) -> float:
    """How far the sharpest 40 ms stand out, compared with the same in the note's own seconds."""
    peaks = block_peaks(wave, round(BLOCK * rate), order=4)
    standing_out = peaks - median_filter(peaks, NEARBY)
    first, last = (round(seconds / BLOCK) for seconds in OWN)
    return float(standing_out[first:].max() - max(standing_out[first:last].max(), 0.0))


def _drift(lens: Lens, tracks: Tracks, own: int) -> float:
    of_own = lens.pitch_cents(tracks[: own + 1], HOP, round(PART / HOP))
    over = min(round(STRETCH / HOP), len(tracks) - 1)
    return outside(lens.pitch_cents(tracks, HOP, over), of_own.min(), of_own.max())


def _loudness(tracks: Tracks) -> Floats:
    """Level in dB of all partials together, [looks, 1]: no window ripples at the pitch's period."""
    return decibels(np.sqrt(np.square(np.abs(tracks), dtype=np.float64).sum(1)))[:, None]


def _partial_levels(tracks: Tracks) -> Floats:
    levels = decibels(tracks)
    loud = levels.mean(0) > levels.mean(0).max() - DEEPEST
    return np.asarray(np.maximum(levels, levels.mean(0) - DEEPEST)[:, loud], np.float64)
