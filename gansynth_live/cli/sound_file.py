"""Sound files: written beside and renamed, whatever interrupts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing

FORMATS = (".wav", ".flac")


@contextmanager
def sound_file(
    path: Path, sample_rate: int, channels: int, *, floating: bool = False
) -> Iterator[soundfile.SoundFile]:
    """A file to write blocks [frames, channels] to; it appears when the context ends well.

    24 bits, or `floating` for 32-bit float (WAV only).

    Raises:
        UsageError: the name is of another format, or the file cannot be written.
    """
    if path.suffix.lower() not in FORMATS or (floating and path.suffix.lower() != ".wav"):
        kinds = ".wav" if floating else " or ".join(FORMATS)
        raise UsageError(f"cannot write {path}: its name should end in {kinds}")
    with replacing(path) as beside:
        try:
            with soundfile.SoundFile(
                beside, "w", sample_rate, channels, subtype="FLOAT" if floating else "PCM_24"
            ) as file:
                yield file
        except (soundfile.SoundFileError, OSError) as error:
            raise UsageError(f"cannot write {path}: {error}; is the disk full?") from error
