"""How smoothly a sounding note changes: judged on waves, against the same note unchanged.

The two ends are the note as it sounds all the time before the change and all the time after it. A
morph stays between them. Two renders that are faded into each other do not: their partials have
unrelated phases and cancel each other half way.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from gansynth_live.bench.partials import (
    Floats,
    Lens,
    Wave,
    block_levels,
    block_peaks,
    decibels,
    outside,
)

STEP_GOAL = 1.0  # dB over the unchanged note's
DIP_GOAL = 6.0  # dB below the lower end
CENTS_GOAL = 5.0
LEVEL_GOAL = 2.0  # dB outside the ends

HOP = 0.008  # seconds between looks at the partials
BLOCK = 0.020  # seconds in which the largest step counts
LOUDNESS_BLOCK = 0.050
REACH = 0.5  # seconds of the ends around each moment: partials of one note beat
HEARD = 50.0  # dB below the strongest partial down to which partials count
AUDIBLE = 40.0  # dB below the louder end down to which the pitch of a note counts
STEADY_LOOKS = 3  # of the pitch that are averaged


class Smoothness(NamedTuple):
    """What a change did that neither end does.

    Attributes:
        step_db: the largest sample step over the largest of the unchanged notes nearby, in dB.
        click_db: the same of the fourth difference, in which a click stands out.
        dips_db: for each partial that both ends have, the most it falls below the lower of them.
        cents: how far the pitch leaves that of the ends.
        level_db: how far the level leaves that of the ends.
    """

    step_db: float
    click_db: float
    dips_db: Floats
    cents: float
    level_db: float

    @property
    def dipping(self) -> float:
        """Share of the partials that dip too far."""
        return float(np.mean(self.dips_db > DIP_GOAL)) if len(self.dips_db) else 0.0


def smoothness(
    wave: Wave,
    ends: tuple[Wave, Wave],
    key: int,
    sample_rate: int,
    span: tuple[float, float],
    settled: Sequence[Wave] = (),
) -> Smoothness:
    """Judge the change in `wave` [n] of a note of MIDI `key`, within `span` (seconds).

    `ends` sound from the same moment at the same velocity, without a change. `settled` are waves
    of the new end as it may sound too: long changed, when the note keeps the phases of its partials
    and has other peaks; or begun later, as what dies away does so from the change on. Steps and
    levels may be as high as theirs.
    """
    lens = Lens(key, sample_rate)
    unchanged = [*ends, *settled]
    return Smoothness(
        step_db=_excess(wave, unchanged, sample_rate, span, order=1),
        click_db=_excess(wave, unchanged, sample_rate, span, order=4),
        dips_db=_dips(lens, wave, ends, span),
        cents=_cents(lens, wave, ends, span),
        level_db=_level(wave, ends, settled, sample_rate, span),
    )


def _excess(
    wave: Wave, unchanged: Sequence[Wave], rate: int, span: tuple[float, float], order: int
) -> float:
    block = round(BLOCK * rate)
    reach = 2 * round(REACH / BLOCK) + 1
    peaks = np.max([block_peaks(end, block, order) for end in unchanged], axis=0)
    largest = maximum_filter1d(peaks, reach)
    inside = slice(int(span[0] / BLOCK), int(np.ceil(span[1] / BLOCK)))
    return float((block_peaks(wave, block, order) - largest)[inside].max())


def _dips(lens: Lens, wave: Wave, ends: tuple[Wave, Wave], span: tuple[float, float]) -> Floats:
    wide = np.arange(span[0] - REACH, span[1] + REACH, HOP)
    inside = (wide >= span[0]) & (wide <= span[1])
    levels = [decibels(lens.tracks(end, wide)) for end in ends]
    lower = np.minimum(*(_lowest(level, round(REACH / HOP)) for level in levels))[inside]
    typical = np.minimum(*(np.median(level[inside], axis=0) for level in levels))
    strongest = max(float(level[inside].max()) for level in levels)
    heard = decibels(lens.tracks(wave, wide[inside]))
    dips = np.asarray((lower - heard).max(axis=0), np.float64)
    return dips[typical > strongest - HEARD]


def _lowest(levels: Floats, reach: int) -> Floats:
    """The lowest level within `reach` looks on either side, were it not for the note's decay."""
    looks = np.arange(len(levels)) - (len(levels) - 1) / 2
    slope = looks @ levels / np.square(looks).sum()
    decay = looks[:, None] * slope
    return np.asarray(minimum_filter1d(levels - decay, 2 * reach + 1, axis=0) + decay, np.float64)


def _cents(lens: Lens, wave: Wave, ends: tuple[Wave, Wave], span: tuple[float, float]) -> float:
    inside = np.arange(span[0], span[1], HOP)
    sounds = [lens.tracks(sound, inside) for sound in (wave, *ends)]
    pitch, *of_ends = (
        uniform_filter1d(lens.pitch_cents(tracks, HOP), STEADY_LOOKS) for tracks in sounds
    )
    power, *of_both = (np.square(np.abs(tracks[1:])).sum(1) for tracks in sounds)
    audible = decibels(np.sqrt(power)) > decibels(np.sqrt(np.max(of_both))) - AUDIBLE
    if not audible.any():
        return 0.0
    return outside(pitch[audible], np.min(of_ends), np.max(of_ends))


def _level(
    wave: Wave,
    ends: tuple[Wave, Wave],
    settled: Sequence[Wave],
    rate: int,
    span: tuple[float, float],
) -> float:
    inside = slice(int(span[0] / LOUDNESS_BLOCK), int(np.ceil(span[1] / LOUDNESS_BLOCK)))
    block = round(LOUDNESS_BLOCK * rate)
    level, *others = (block_levels(sound, block)[:, None] for sound in (wave, *ends, *settled))
    reach = round(REACH / LOUDNESS_BLOCK)
    low = np.min([_lowest(end, reach) for end in others[:2]], axis=0)
    high = np.max([-_lowest(-end, reach) for end in others[:2]], axis=0)
    for other in others[2:]:
        high = np.maximum(high, maximum_filter1d(other, 3, axis=0))
    return outside(level[inside], low[inside], high[inside])
