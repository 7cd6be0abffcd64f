"""Key spread: each key has a place of its own between left and right, at constant power."""

from math import cos, pi, sin, sqrt

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import Record

GOLDEN = 0.6180339887498949  # its multiples lie apart in 0..1, those of neighbours farthest


@compiled
def place_key(voice: Record, spread: float) -> None:
    """Give a voice the place of its key; `spread` (0..1): how far from the middle at most."""
    voice.place_left, voice.place_right = 1.0, 1.0
    if spread != 0.0:
        angle = pi / 4.0 * (1.0 + spread * (2.0 * ((voice.key * GOLDEN) % 1.0) - 1.0))
        voice.place_left, voice.place_right = sqrt(2.0) * cos(angle), sqrt(2.0) * sin(angle)
