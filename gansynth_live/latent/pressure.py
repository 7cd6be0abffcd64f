"""How hard the keys are pressed: channel and key pressure of all channels as one control."""

from gansynth_live.midi.messages import (
    CHANNEL_PRESSURE,
    CONTROL_CHANGE,
    KEY_PRESSURE,
    NOTE_OFF,
    NOTE_ON,
    RESET,
    RESET_CONTROLLERS,
)

HARDEST = 127
WHOLE_CHANNEL = -1  # in place of a key


class Pressure:
    """The strongest of all pressures. A key that goes down or up is not pressed any more."""

    def __init__(self) -> None:
        self._pressed: dict[tuple[int, int], int] = {}  # (channel, key) -> 1..127

    @property
    def strongest(self) -> float:
        """0..1."""
        return max(self._pressed.values(), default=0) / HARDEST

    def hear(self, status: int, data1: int, data2: int) -> None:
        """Take a message in; those that are not about pressure change nothing."""
        kind, channel = status & 0xF0, status & 0x0F
        if status == RESET:
            self._pressed.clear()
        elif kind == CHANNEL_PRESSURE:
            self._press(channel, WHOLE_CHANNEL, data1)
        elif kind == KEY_PRESSURE:
            self._press(channel, data1, data2)
        elif kind in (NOTE_ON, NOTE_OFF):
            self._press(channel, data1, 0)
        elif kind == CONTROL_CHANGE and data1 == RESET_CONTROLLERS:
            for pressed in [place for place in self._pressed if place[0] == channel]:
                del self._pressed[pressed]

    def _press(self, channel: int, key: int, value: int) -> None:
        if value:
            self._pressed[channel, key] = value
        else:
            self._pressed.pop((channel, key), None)
