"""Conversions between the units of music and of sound."""

from math import log2, log10

REFERENCE_KEY = 69  # A4
REFERENCE_HZ = 440.0


def db_to_gain(decibels: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def gain_to_db(gain: float) -> float:
    """Level in dB of an amplitude factor; -inf for 0."""
    return 20.0 * log10(gain) if gain > 0.0 else float("-inf")


def key_to_hz(key: float) -> float:
    """Frequency of a MIDI key (may be fractional) in equal temperament, A4 = 440 Hz."""
    return float(REFERENCE_HZ * 2.0 ** ((key - REFERENCE_KEY) / 12.0))


def cents_between(hz: float, reference_hz: float) -> float:
    """Interval from `reference_hz` up to `hz`, in cents."""
    return 1200.0 * log2(hz / reference_hz)


def seconds_to_frames(seconds: float, sample_rate: float) -> int:
    """Nearest whole number of sample frames."""
    return round(seconds * sample_rate)
