"""What MIDI inputs send, without an instrument."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from gansynth_live.drivers.heartbeat import goodbye
from gansynth_live.drivers.midi_api import MidiSystem, is_wanted, plain_name
from gansynth_live.drivers.midi_ports import POLL_SECONDS
from gansynth_live.errors import DeviceError
from gansynth_live.midi.tokenizer import Tokenizer


class MidiTap:
    """Inputs that are there now, listened to until `close`.

    Args:
        wanted: parts of their names; None: every keyboard.

    Attributes:
        names: of the inputs.

    Raises:
        DeviceError: there is none.
    """

    def __init__(self, api: MidiSystem, wanted: Sequence[str] | None = None) -> None:
        self._api = api
        self._inputs: list[tuple[Any, Tokenizer]] = []
        try:
            self.names = self._open(None if wanted is None else tuple(wanted))
        except DeviceError:
            self.close()
            raise

    def messages(self, seconds: float) -> Iterator[bytes | None]:
        """Messages as they come, for so long; None whenever there is none yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            heard = False
            for midi_in, tokenizer in self._inputs:
                if (fetched := midi_in.get_message()) is not None:
                    heard = True
                    yield from tokenizer.feed(bytes(fetched[0]))
            if not heard:
                yield None
                time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Listen no longer."""
        for midi_in, _ in self._inputs:
            goodbye(midi_in.delete)
        goodbye(self._api.close)

    def _open(self, wanted: tuple[str, ...] | None) -> list[str]:
        here = self._api.inputs()
        found = [name for name in here if is_wanted(name, wanted)]
        if not found:
            there = ", ".join(map(plain_name, here)) or "none"
            raise DeviceError(f"no MIDI input to listen to (there: {there}); connect one")
        for name in found:
            self._inputs.append((self._api.open_input(name), Tokenizer()))
        return [plain_name(name) for name in found]
