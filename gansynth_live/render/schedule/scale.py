"""Which scale the music is in, as far as its last notes tell."""

MAJOR = (0, 2, 4, 5, 7, 9, 11)  # and with it every church mode, minor among them
PITCH_CLASSES = 12
FADING = 0.9  # of a note's weight that is left when the next one comes
LEAST_FIT = 0.85  # share of the notes that a scale must explain
EQUAL_FIT = 0.02  # scales that fit so nearly as well as the best count as well


class ScaleDetector:
    """Weights of the twelve pitch classes in the last notes; the newest counts most."""

    def __init__(self) -> None:
        self._weights = [0.0] * PITCH_CLASSES

    def note_on(self, pitch: int) -> None:
        """A note (MIDI) was played."""
        self._weights = [FADING * weight for weight in self._weights]
        self._weights[pitch % PITCH_CLASSES] += 1.0

    def scale(self) -> frozenset[int]:
        """Pitch classes of the diatonic scale that the notes fit.

        All those of equally good ones, so that few notes exclude little; all twelve where none
        fits, as in chromatic music and before the first note.
        """
        scales = [frozenset((key + step) % PITCH_CLASSES for step in MAJOR) for key in range(12)]
        total = sum(self._weights) or 1.0
        fits = [sum(self._weights[tone] for tone in scale) / total for scale in scales]
        best = max(fits)
        if best < LEAST_FIT:
            return frozenset(range(PITCH_CLASSES))
        equals = (s for s, fit in zip(scales, fits, strict=True) if fit >= best - EQUAL_FIT)
        return frozenset().union(*equals)
