"""What a reader put up with in a file that breaks its standard: one line for each kind of fault."""


class Remarks:
    """Faults by kind, each with how often it was met and where first."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._places: dict[str, str] = {}

    def add(self, fault: str, track: int = 0, byte: int = 0) -> None:
        """Note a fault; `fault` is its kind in words, and says what was done about it.

        Args:
            track: number of the track where it was met, from 1; 0: in none.
            byte: of the track.
        """
        if fault in self._counts:
            self._counts[fault] += 1
            return
        self._counts[fault] = 1
        self._places[fault] = f"in track {track}, near its byte {byte}" if track else ""

    def lines(self) -> tuple[str, ...]:
        """One line for each kind, in the order in which they were met first."""
        return tuple(map(self._line, self._counts))

    def _line(self, fault: str) -> str:
        count, place = self._counts[fault], self._places[fault]
        if count > 1:
            place = f"{count} times, first {place}" if place else f"{count} times"
        return f"{fault} ({place})" if place else fault
