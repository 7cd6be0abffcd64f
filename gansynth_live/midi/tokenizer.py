"""A stream of MIDI bytes, cut anywhere, becomes whole messages. No byte sequence is an error."""

from gansynth_live.midi.messages import (
    END_OF_EXCLUSIVE,
    FIRST_REAL_TIME,
    KINDS,
    REAL_TIME,
    SYSTEM_EXCLUSIVE,
)

MAX_SYSEX_BYTES = 64 * 1024


class Tokenizer:
    """Cut a byte stream into messages, each with its status byte written out.

    Running status is expanded, real-time bytes may stand anywhere and come out at once,
    undefined and orphaned bytes vanish. System exclusive messages come out whole (F0 .. F7);
    longer ones than 64 KiB and interrupted ones are dropped.
    """

    def __init__(self) -> None:
        self._status = 0  # the running status; 0: none
        self._data = bytearray()
        self._sysex: bytearray | None = None

    def feed(self, stream: bytes) -> list[bytes]:
        """Messages that became complete with these bytes, in order."""
        complete = (self._take(byte) for byte in stream)
        return [message for message in complete if message]

    def _take(self, byte: int) -> bytes:
        if byte >= FIRST_REAL_TIME:
            return bytes((byte,)) if byte in REAL_TIME else b""
        if byte >= 0x80:
            return self._take_status(byte)
        if self._sysex is not None:
            # A full buffer leaves no room for the closing F7; that marks the message as too long.
            if len(self._sysex) < MAX_SYSEX_BYTES:
                self._sysex.append(byte)
            return b""
        return self._take_data(byte)

    def _take_status(self, byte: int) -> bytes:
        exclusive, self._sysex = self._sysex, None
        self._data.clear()
        self._status = byte if byte < SYSTEM_EXCLUSIVE or byte in KINDS else 0
        if byte == SYSTEM_EXCLUSIVE:
            self._sysex = bytearray((byte,))
        elif byte == END_OF_EXCLUSIVE and exclusive is not None:
            exclusive.append(byte)
            return bytes(exclusive) if len(exclusive) <= MAX_SYSEX_BYTES else b""
        elif self._status and KINDS[byte].data_bytes == 0:
            self._status = 0
            return bytes((byte,))
        return b""

    def _take_data(self, byte: int) -> bytes:
        if not self._status:
            return b""
        self._data.append(byte)
        if len(self._data) < KINDS[self._status].data_bytes:
            return b""
        message = bytes((self._status, *self._data))
        self._data.clear()
        if self._status >= SYSTEM_EXCLUSIVE:
            self._status = 0
        return message
