"""Sound files: their place is made sure of first, and they appear whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.io import wavfile

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing

BYTES_A_SAMPLE = 3
MOST_WAV_BYTES = 2**32 - 4096  # lengths have 32 bits there, and the header needs a little
PROBE_BYTES = 1 << 20  # more than the rest of a block or a page that a full disk may have left

Write = Callable[[NDArray[np.float32]], None]


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
def float_wav(path: Path, sample_rate: int) -> Iterator[Write]:
    """A 32-bit float WAV file; call what is yielded once, with the mono samples [frames].

    Raises:
        UsageError: the name is of another format, or the file cannot be written.
    """
    _require_suffix(path, ".wav")
    with replacing(path) as beside:
        # Not soundfile: it writes the time of day into float files, so no two would be equal.
        yield lambda samples: wavfile.write(beside, sample_rate, samples.astype(np.float32))


def _require_room(beside: Path) -> None:
    """Raise the system's own `OSError` where a file cannot grow: the library does not tell it."""
    with beside.open("ab") as file:
        file.write(bytes(PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _require_suffix(path: Path, *allowed: str) -> None:
    if path.suffix.lower() not in allowed:
        raise UsageError(f"cannot write {path}: its name should end in {' or '.join(allowed)}")
