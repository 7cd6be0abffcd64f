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

Write = Callable[[NDArray[np.float32]], None]


@contextmanager
def sound_file(path: Path, sample_rate: int, channels: int) -> Iterator[Write]:
    """A 24-bit WAV or FLAC file; call what is yielded with blocks [frames, channels] in -1..1.

    Raises:
        UsageError: the name is of another format, or the file cannot be written.
    """
    _require_suffix(path, ".wav", ".flac")
    with replacing(path) as beside:
        try:
            # As bytes: soundfile cannot encode names that are no text.
            name, kind = os.fsencode(beside), path.suffix[1:]
            with soundfile.SoundFile(
                name, "w", sample_rate, channels, "PCM_24", format=kind
            ) as file:
                yield file.write
        except soundfile.SoundFileError as error:
            reason = str(error).rstrip(".")
            raise UsageError(f"cannot write {path}: {reason}; is the disk full?") from error


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


def _require_suffix(path: Path, *allowed: str) -> None:
    if path.suffix.lower() not in allowed:
        raise UsageError(f"cannot write {path}: its name should end in {' or '.join(allowed)}")
