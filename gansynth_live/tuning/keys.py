"""The tuning of a keyboard: the pitch of each key, in semitones (69 is 440 Hz)."""

from math import log2

from gansynth_live.tuning.keyboard import KEYS, MIDDLE_C, KeyboardMap, linear_map, parse_map
from gansynth_live.tuning.scale import EQUAL, Scale, parse_scale
from gansynth_live.units import REFERENCE_HZ


def tuned_keys(scale: str, keyboard_map: str, a4: float) -> list[float | None]:
    """The pitch of each of 128 keys; None: the key is silent.

    Args:
        scale: text of a .scl file; "": twelve equal steps.
        keyboard_map: text of a .kbm file; "": the middle C plays the first degree, at the pitch
            that it has in equal temperament, and each key the next one.
        a4: Hz of A4 in equal temperament, where there is no map.

    Raises:
        TuningError: a text says no scale, or no map.
    """
    degrees = parse_scale(scale) if scale else EQUAL
    raised = 12.0 * log2(a4 / REFERENCE_HZ)
    mapped = parse_map(keyboard_map) if keyboard_map else linear_map(MIDDLE_C + raised)
    origin = _cents_of_reference(degrees, mapped)
    return [
        None
        if (degree := mapped.degree_of(key)) is None
        else mapped.pitch + (degrees.cents_at(degree) - origin) / 100.0
        for key in range(KEYS)
    ]


def _cents_of_reference(scale: Scale, mapped: KeyboardMap) -> float:
    """Cents above degree 0. A key that the map leaves out lies between its neighbours."""
    below = above = mapped.reference
    while (low := mapped.degree_at(below)) is None:
        below -= 1
    while (high := mapped.degree_at(above)) is None:
        above += 1
    cents = scale.cents_at(low)
    if below == above:
        return cents
    share = (mapped.reference - below) / (above - below)
    return cents + share * (scale.cents_at(high) - cents)
