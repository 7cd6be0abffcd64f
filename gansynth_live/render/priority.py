"""What the hands did lately, and which pitch should therefore be rendered first."""

from collections.abc import Collection

RECENT = 12  # pitches that count as recently played
NEIGHBOURS = (1, -1, 12, -12, 7, -7)  # semitones: step, octave, fifth
MIDDLE_KEY = 60


class Hands:
    """Keys that are held and keys that were played, as pitches of the model. Not locked."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high
        self._held: dict[int, None] = {}  # keys, oldest first
        self._recent: dict[int, None] = {}  # oldest first

    def pitch_of(self, key: int) -> int:
        """The pitch whose render the key starts from: itself, or the model's nearest."""
        return min(max(key, self.low), self.high)

    def press(self, key: int) -> None:
        """A key went down."""
        pitch = self.pitch_of(key)
        self._held[key] = None
        self._recent.pop(pitch, None)
        self._recent[pitch] = None
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]

    def release(self, key: int) -> None:
        """A key came up; one that was never pressed is ignored."""
        self._held.pop(key, None)

    def is_held(self, pitch: int) -> bool:
        """Whether a key of this pitch is down."""
        return pitch in map(self.pitch_of, self._held)

    def urgency(self, pending: Collection[int], sounding: Collection[int]) -> list[int]:
        """All pitches of the model, the most urgent first.

        Args:
            pending: pitches that a note waits for.
            sounding: pitches that voices play now, held or not.
        """
        held = [self.pitch_of(key) for key in self._held]
        recent = list(reversed(self._recent))
        neighbours = [pitch + interval for pitch in recent for interval in NEIGHBOURS]
        centre = recent[0] if recent else self.pitch_of(MIDDLE_KEY)
        rest = sorted(
            range(self.low, self.high + 1), key=lambda pitch: (abs(pitch - centre), pitch)
        )
        groups = (pending, sounding, held, recent, neighbours, rest)
        in_order = dict.fromkeys(pitch for group in groups for pitch in group)
        return [pitch for pitch in in_order if self.low <= pitch <= self.high]
