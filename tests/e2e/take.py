"""What the studio brought home, and questions to ask of it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tests.conftest import REPOSITORY
from tests.e2e.jackd import JackServer
from tests.e2e.order import PATIENCE_SECONDS, Order

SILENCE = 1e-6
SPECTRUM_SIZE = 1 << 20
PARTIALS = 12


@dataclass(frozen=True)
class Take:
    """A recording with absolute frames, and the messages that were really sent.

    Attributes:
        origin: absolute frame at which the performance began.
        starts: absolute first frame of each recorded block, int64 [blocks].
        samples: float32 [2, frames], all blocks in order.
        sent_frames: absolute frame of each message, int64 [messages].
        sent_messages: uint8 [messages, 3], padded with 0.
        xruns: blocks that some client of the server delivered late.
    """

    origin: int
    starts: NDArray[np.int64]
    samples: NDArray[np.float32]
    sent_frames: NDArray[np.int64]
    sent_messages: NDArray[np.uint8]
    xruns: int
    sample_rate: int

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the studio's .npz file."""
        with np.load(path) as take:
            return cls(
                int(take["origin"]),
                take["starts"],
                take["samples"],
                take["sent_frames"],
                take["sent_messages"],
                int(take["xruns"]),
                int(take["sample_rate"]),
            )

    @property
    def block(self) -> int:
        """Frames of one block."""
        return int(self.samples.shape[1]) // len(self.starts)

    @property
    def is_gapless(self) -> bool:
        """Whether every block follows the one before it."""
        return bool(np.all(np.diff(self.starts) == self.block))

    @property
    def note_ons(self) -> list[tuple[int, int]]:
        """(absolute frame, key) of each note that was started."""
        pairs = zip(self.sent_frames, self.sent_messages, strict=True)
        return [
            (int(frame), int(message[1]))
            for frame, message in pairs
            if message[0] & 0xF0 == 0x90 and message[2] > 0
        ]

    def between(self, start: int, stop: int) -> NDArray[np.float32]:
        """Samples [2, stop - start] of absolute frames; the recording must have no gap."""
        assert self.is_gapless
        first = int(self.starts[0])
        return self.samples[:, start - first : stop - first]

    def delay_of(self, frame: int, search: int) -> int | None:
        """Frames from `frame` to the first sound within `search` frames, None if silent."""
        heard = np.flatnonzero(np.abs(self.between(frame, frame + search)).max(axis=0) > SILENCE)
        return int(heard[0]) if len(heard) else None


def record(server: JackServer, order: Order, folder: Path) -> Take:
    """Send the studio to work beside the synth and wait for its take."""
    paper, take = folder / "order.json", folder / "take.npz"
    paper.write_text(json.dumps(order._asdict()))
    studio = subprocess.run(
        [sys.executable, "-m", "tests.e2e.studio", str(paper), str(take)],
        cwd=REPOSITORY,
        env={**os.environ, **server.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=order.seconds + 2 * PATIENCE_SECONDS,
    )
    assert studio.returncode == 0, studio.stderr
    return Take.load(take)


def last_step(sound: NDArray[np.float32]) -> float:
    """How high the sound [2, frames] was when it ended, as a share of its peak: a cut is a step."""
    level = np.abs(sound).max(axis=0)
    return float(level[np.flatnonzero(level)[-1]] / level.max())


def pitch_hz(sound: NDArray[np.float32], sample_rate: int, expected_hz: float) -> float:
    """Frequency within a semitone of `expected_hz` whose harmonics hold the most energy.

    `sound` should last at least ten periods.
    """
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), SPECTRUM_SIZE)) ** 2
    hz = expected_hz * 2 ** (np.arange(-100, 101) / 1200)
    partials = np.arange(1, max(2, int(min(PARTIALS, 0.45 * sample_rate / expected_hz))))
    bins = np.rint(np.outer(partials, hz) * SPECTRUM_SIZE / sample_rate).astype(int)
    energy = spectrum[bins].sum(axis=0)
    best = int(np.clip(np.argmax(energy), 1, len(hz) - 2))
    before, here, after = energy[best - 1 : best + 2]
    shift = 0.5 * (before - after) / (before - 2.0 * here + after)  # the top of a parabola
    return float(hz[best] * 2 ** (shift / 1200))
