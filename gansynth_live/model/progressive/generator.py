"""Progressive notes: low blocks once for a note, high blocks for each slice of frames."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model import doubling, graph
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.progressive import kernels, network
from gansynth_live.model.progressive.network import Network
from gansynth_live.model.progressive.rows import SlicePlan, plan_slice
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.runtime import cached_graph, check_notes, graph_key, open_session

# Blocks that are computed for the frames asked for only: the last three hold three quarters of the
# work. A note's first slice is to be there soonest, so it takes no more of two further blocks.
SLICED_BLOCKS = 3
FIRST_SLICED_BLOCKS = 5


class ProgressiveGenerator:
    """GANSynth's generator, sliced in time.

    Attributes:
        start: the block whose whole image a note begins with.
        kept: the block whose whole image is kept for all slices of a note but the first.
    """

    def __init__(self, bundle: Bundle, settings: Progressive, threads: int) -> None:
        self.spec = bundle.spec
        self.network = Network(bundle, settings)
        self.start = max(1, settings.blocks - FIRST_SLICED_BLOCKS)
        self.kept = max(1, settings.blocks - SLICED_BLOCKS)
        self._threads = threads
        self._source = b"".join(
            Path(str(m.__file__)).read_bytes() for m in (graph, doubling, kernels, network)
        )
        self._sessions: dict[tuple[int, int | SlicePlan], Any] = {}
        self._opening = Lock()
        self._starting = self._open("start", lambda: self.network.start_graph(self.start))

    @property
    def grain(self) -> int:
        """See `Generator`: what a row of the kept block makes. So few plans exist."""
        return self.spec.frames // self.network.shape(self.kept)[1]

    def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> "ProgressiveFrames":
        """Start notes with latents z [notes, latent_size] at MIDI pitches [notes].

        Raises:
            ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
        """
        check_notes(self.spec, z, pitch)
        latents = np.asarray(z, np.float32)
        labels = np.asarray(pitch, np.int64) - self.spec.low_pitch
        images = np.empty((len(z), *self.network.shape(self.start)), np.float32)
        # One note at a time: its bits must not depend on the company it is rendered in. (The
        # convolutions of the other graphs see to that themselves.)
        for note in range(len(z)):
            inputs = {"latent": latents[note : note + 1], "label": labels[note : note + 1]}
            (images[note : note + 1],) = self._starting.run(None, inputs)
        return ProgressiveFrames(self, images)

    def raised(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """The kept block's image, made from the start block's."""
        if self.start == self.kept:
            return image
        form = (self.start, self.kept)
        return self._run(form, lambda: self.network.middle_graph(*form), image)

    def finished(self, low: int, rows: NDArray[np.float32], plan: SlicePlan) -> NDArray[np.float32]:
        """Frames made from rows of block `low`, [notes, frames, mel_bins, 2]."""
        return self._run((low, plan), lambda: self.network.frames_graph(low, plan), rows)

    def _run(
        self,
        form: tuple[int, int | SlicePlan],
        build: Callable[[], bytes],
        rows: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        # Threads whose graph is open already need not wait for one that opens another.
        if form not in self._sessions:
            with self._opening:
                if form not in self._sessions:
                    self._sessions[form] = self._open(repr(form), build)
        output: NDArray[np.float32] = self._sessions[form].run(None, {"rows": rows})[0]
        return output

    def _open(self, form: str, build: Callable[[], bytes]) -> Any:
        key = graph_key("progressive", self.network.bundle.network, form, self._source)
        return open_session(cached_graph(key, build), self._threads)


class ProgressiveFrames:
    """Some notes, and the low images from which any slice of their frames is made."""

    def __init__(self, generator: ProgressiveGenerator, start: NDArray[np.float32]) -> None:
        self._generator = generator
        self._start = start
        self._kept: NDArray[np.float32] | None = None
        self._is_first_slice = True

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """Frames [start, stop) of every note, float32 [notes, stop - start, mel_bins, 2].

        Raises:
            ValueError: the note has no such frames.
        """
        generator, network = self._generator, self._generator.network
        if not 0 <= start < stop <= generator.spec.frames:
            raise ValueError(f"frames {start}:{stop} of a note of {generator.spec.frames}")
        highest = network.settings.blocks
        heights = {block: network.shape(block)[1] for block in range(1, highest + 1)}
        repeat = generator.spec.frames // heights[highest]
        grid = heights[highest] // heights[generator.kept]
        begin = start // generator.grain * grid
        end = min(-(-stop // generator.grain) * grid, heights[highest])
        low, image = self._image_for(begin, end, heights[highest])
        below = [heights[block] for block in range(low, highest + 1)]
        first, last, plan = plan_slice(begin, end, below)
        rows = np.ascontiguousarray(image[:, :, first:last])
        frames = generator.finished(low, rows, plan)
        return frames[:, start - begin * repeat : stop - begin * repeat]

    def _image_for(self, begin: int, end: int, height: int) -> tuple[int, NDArray[np.float32]]:
        """Block to start a slice from, and its image."""
        generator = self._generator
        if self._is_first_slice and begin == 0 and end <= height // 8:
            self._is_first_slice = False
            return generator.start, self._start
        if self._kept is None:
            self._kept = generator.raised(self._start)
        return generator.kept, self._kept
