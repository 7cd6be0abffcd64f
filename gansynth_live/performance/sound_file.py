"""Sound files: their place is made sure of first, and they appear whole or not at all."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing

BYTES_A_SAMPLE = 3
MOST_WAV_BYTES = 2**32 - 4096  # lengths have 32 bits there, and the header needs a little
NO_LENGTH = 0xFFFFFFFF  # where it stands elsewhere, having more than 32 bits
PROBE_BYTES = 1 << 20  # more than the rest of a block or a page that a full disk may have left

Write = Callable[[NDArray[np.float32]], object]


@contextmanager
def sound_file(
    path: Path, sample_rate: int, channels: int, most_frames: int = 0
) -> Iterator[Write]:
    """A 24-bit WAV or FLAC file; call what is yielded with blocks [frames, channels] in -1..1.

    A WAV file that may come to hold more than 4 GiB is written as RF64, its 64-bit form.

    Args:
        most_frames: how many frames will be written at most.

    Raises:
        UsageError: the name is of another format, or the file cannot be written.
    """
    _require_suffix(path, ".wav", ".flac")
    kind = path.suffix[1:].upper()
    if kind == "WAV" and most_frames * channels * BYTES_A_SAMPLE > MOST_WAV_BYTES:
        kind = "RF64"
    with replacing(path) as beside:
        try:
            # As bytes: soundfile cannot encode names that are no text.
            name = os.fsencode(beside)
            with soundfile.SoundFile(
                name, "w", sample_rate, channels, "PCM_24", format=kind
            ) as file:
                yield file.write
        except soundfile.SoundFileError as error:
            _require_room(beside)
            raise UsageError(f"cannot write {path}: {str(error).rstrip('.')}") from error


@contextmanager
def float_wav(path: Path, sample_rate: int, frames: int) -> Iterator[Write]:
    """A 32-bit float WAV file of `frames`; call what is yielded with blocks [n] of mono samples.

    Raises:
        UsageError: the name is of another format, or the file cannot be written.
    """
    _require_suffix(path, ".wav")
    with replacing(path) as beside, beside.open("wb") as file:
        # Not soundfile: it writes the time of day into float files, so no two would be equal.
        file.write(float_header(sample_rate, frames))
        yield lambda samples: file.write(samples.astype("<f4").tobytes())


def float_header(sample_rate: int, frames: int) -> bytes:
    """What a WAV file (RF64 from 4 GiB on) of mono float samples begins with; they follow."""
    size = 4 * frames
    kind = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 3, 1, sample_rate, 4 * sample_rate, 4, 32, 0)
    kind += struct.pack("<4sII", b"fact", 4, min(frames, NO_LENGTH))
    whole = len(b"WAVE") + len(kind) + 8 + size
    if whole <= NO_LENGTH:
        return struct.pack("<4sI4s", b"RIFF", whole, b"WAVE") + kind + _data(size)
    lengths = struct.pack("<4sIQQQI", b"ds64", 28, whole + 36, size, frames, 0)
    return struct.pack("<4sI4s", b"RF64", NO_LENGTH, b"WAVE") + lengths + kind + _data(NO_LENGTH)


def _data(size: int) -> bytes:
    return struct.pack("<4sI", b"data", size)


def _require_room(beside: Path) -> None:
    """Raise the system's own `OSError` where a file cannot grow: the library does not tell it."""
    with beside.open("ab") as file:
        file.write(bytes(PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _require_suffix(path: Path, *allowed: str) -> None:
    if path.suffix.lower() not in allowed:
        raise UsageError(f"cannot write {path}: its name should end in {' or '.join(allowed)}")
