"""MIDI files and an order to render them by, of a model that is small."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from gansynth_live.batch.order import Order, make_order
from gansynth_live.config import load_config
from gansynth_live.performance.request import Request
from tests.midi.smf_bytes import midi_file, track
from tests.outside import small_model

RATE = 16_000


def song(path: Path, key: int, notes: int = 1) -> Path:
    """A file with so many notes on a key and those above, one after the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notes_of(key, notes))
    return path


def notes_of(key: int, notes: int = 1) -> bytes:
    """The bytes of such a file."""
    keys = [key + step % 8 for step in range(notes)]
    sounded = [((0, bytes((0x90, k, 100))), (240, bytes((0x80, k, 0)))) for k in keys]
    return midi_file(track(*(message for note in sounded for message in note)))


def small_order(folder: Path, **wishes: object) -> Order:
    """To render with the small model, at a low rate."""
    request = Request(load_config(), sample_rate=RATE, **wishes)  # type: ignore[arg-type]
    return make_order(request, str(small_model(folder)), None)


def sound(path: Path) -> NDArray[np.float32]:
    """Samples of a sound file."""
    samples: NDArray[np.float32] = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return samples
