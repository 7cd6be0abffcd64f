"""Vibrato of a blend: that of its instruments, each as much as it counts."""

from collections.abc import Iterable

from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato


def blended(parts: Iterable[tuple[Vibrato, float]]) -> Vibrato:
    """The mean of (vibrato, weight) pairs; weights add up to 1.

    An instrument without vibrato makes the others' swing shallower, but not slower or later.
    """
    swings = [(vibrato, weight * vibrato.depth) for vibrato, weight in parts]
    depth = sum(share for _, share in swings)
    if depth == 0.0:
        return NO_VIBRATO
    rate = sum(vibrato.rate * share for vibrato, share in swings) / depth
    delay = sum(vibrato.delay * share for vibrato, share in swings) / depth
    return Vibrato(rate, depth, delay)
