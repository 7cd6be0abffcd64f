"""Standard MIDI Files written by hand, for tests."""


def variable_length(value: int) -> bytes:
    """A delta time or length as the standard writes it."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.insert(0, 0x80 | value & 0x7F)
    return bytes(groups)


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk with its length."""
    return name + len(body).to_bytes(4) + body


def track(*events: tuple[int, bytes]) -> bytes:
    """A track of (delta time, bytes), ended as it should be."""
    body = b"".join(variable_length(delta) + message for delta, message in events)
    return chunk(b"MTrk", body + b"\x00\xff\x2f\x00")


def midi_file(*tracks: bytes, division: int = 480, file_format: int = 1) -> bytes:
    """A whole file."""
    header = file_format.to_bytes(2) + len(tracks).to_bytes(2)
    return chunk(b"MThd", header + (division & 0xFFFF).to_bytes(2)) + b"".join(tracks)


def tempo(microseconds: int) -> bytes:
    """The meta event that sets the length of a quarter note."""
    return b"\xff\x51\x03" + microseconds.to_bytes(3)


def riff(content: bytes) -> bytes:
    """A MIDI file wrapped as Windows did (.rmi)."""
    data = b"data" + len(content).to_bytes(4, "little") + content
    return b"RIFF" + (4 + len(data)).to_bytes(4, "little") + b"RMID" + data
