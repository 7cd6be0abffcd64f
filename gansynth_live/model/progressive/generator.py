"""Progressive notes: low blocks once for a note, high blocks for each slice of frames."""

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.progressive import kernels, network
from gansynth_live.model.progressive.network import Network
from gansynth_live.model.progressive.rows import SlicePlan, plan_slice
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.runtime import cached_graph, check_notes, graph_key, open_session

SLICED_BLOCKS = 3


class ProgressiveGenerator:
    """GANSynth's generator, sliced in time.

    The last three blocks hold most of the work and are computed for the frames asked for; the
    blocks below them once for each note.
    """

    def __init__(self, bundle: Bundle, threads: int) -> None:
        assert isinstance(bundle.spec.family, Progressive)  # noqa: S101
        settings = bundle.spec.family
        self.spec = bundle.spec
        self.network = Network(bundle, settings, low=max(1, settings.blocks - SLICED_BLOCKS))
        self._threads = threads
        self._source = b"".join(Path(str(m.__file__)).read_bytes() for m in (kernels, network))
        self._low = self._open("low", self.network.low_graph)
        self._high: dict[SlicePlan, Any] = {}
        self._opening = Lock()

    def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> "ProgressiveFrames":
        """Start notes with latents z [notes, latent_size] at MIDI pitches [notes].

        Raises:
            ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
        """
        check_notes(self.spec, z, pitch)
        label = np.asarray(pitch, np.int64) - self.spec.low_pitch
        (rows,) = self._low.run(None, {"latent": np.asarray(z, np.float32), "label": label})
        return ProgressiveFrames(self, rows)

    def high_session(self, plan: SlicePlan) -> Any:
        """Session of the high blocks for slices of this plan; made when first asked for."""
        with self._opening:
            if plan not in self._high:
                self._high[plan] = self._open(repr(plan), lambda: self.network.high_graph(plan))
            return self._high[plan]

    def _open(self, form: str, build: Any) -> Any:
        key = graph_key("progressive", self.network.bundle.digest, form, self._source)
        return open_session(cached_graph(key, build), self._threads)


class ProgressiveFrames:
    """Some notes: the low block's rows, from which any slice of frames is made."""

    def __init__(self, generator: ProgressiveGenerator, rows: NDArray[np.float32]) -> None:
        self._generator = generator
        self._rows = rows

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """Frames [start, stop) of every note, float32 [notes, stop - start, mel_bins, 2]."""
        generator = self._generator
        network = generator.network
        highest = network.settings.blocks
        heights = [network.shape(block)[1] for block in range(network.low, highest + 1)]
        repeat = generator.spec.frames // heights[-1]
        # Slices begin and end at rows that the low block has too, so that few plans exist.
        grid = heights[-1] // heights[0]
        begin = start // repeat // grid * grid
        end = min(-(-stop // repeat // grid) * grid, heights[-1])
        low, high, plan = plan_slice(begin, end, heights)
        rows = np.ascontiguousarray(self._rows[:, :, low:high])
        (image,) = generator.high_session(plan).run(None, {"rows": rows})
        frames: NDArray[np.float32] = image[:, start - begin * repeat : stop - begin * repeat]
        return frames
