"""Some harmonic notes whose frames are computed when they are asked for."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.harmonic.network import WHOLE_DOUBLINGS
from gansynth_live.model.harmonic.rows import Image, Rows
from gansynth_live.model.harmonic.settings import DOUBLINGS

if TYPE_CHECKING:
    from gansynth_live.model.harmonic.generator import HarmonicGenerator

# What the start says of every frame, and how many frames more than those of the note.
BEYOND = {"levels": 0, "hidden": 2}
Compute = Callable[[int, int], tuple[int, Image]]


class HarmonicFrames:
    """Notes as a tower of images: asking for frames computes what they need of each, and keeps it.

    What computes an image knows the images below, not this object: no cycle of references, so all
    of it goes with the note.

    Args:
        labels: pitches from the model's lowest, int64 [notes].
        shared: outputs of the start graph.
    """

    def __init__(
        self, generator: "HarmonicGenerator", labels: NDArray[np.int64], shared: Sequence[Image]
    ) -> None:
        self._generator = generator
        self._labels = labels
        self._count = generator.spec.frames
        network = generator.network
        first, *later = shared
        films = iter(later)
        rows = Rows(network.height(WHOLE_DOUBLINGS), lambda _low, _high: (0, first))
        for stage in range(WHOLE_DOUBLINGS + 1, DOUBLINGS + 1):
            rows = Rows(network.height(stage), self._doubling(stage, rows, next(films)))
            rows = Rows(network.height(stage), self._convolution(stage, rows, next(films)))
        told = dict(zip(BEYOND, films, strict=False))
        self._image = Rows(self._count, self._drawing(rows, told))

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """Frames [start, stop) of every note, float32 [notes, stop - start, mel_bins, 2].

        Raises:
            ValueError: the note has no such frames.
        """
        if not 0 <= start < stop <= self._count:
            raise ValueError(f"frames {start}:{stop} of a note of {self._count}")
        return np.moveaxis(self._image.take(start, stop), 1, -1)

    def _doubling(self, stage: int, below: Rows, film: Image) -> Compute:
        session = self._generator.doublings[stage]

        def compute(low: int, high: int) -> tuple[int, Image]:
            first, last = (low - 1) // 2, high // 2
            (made,) = session.run(None, {"rows": below.take(first, last + 1), "film": film})
            return 2 * first + 1, made

        return compute

    def _convolution(self, stage: int, below: Rows, film: Image) -> Compute:
        generator, labels = self._generator, self._labels
        session = generator.convolutions[stage]

        def compute(low: int, high: int) -> tuple[int, Image]:
            inputs = {"rows": below.take(low - 1, high + 1), "film": film}
            if stage == DOUBLINGS:
                inputs["places"] = _places(generator, labels, 0, low, high)
            (made,) = session.run(None, inputs)
            return low, made

        return compute

    def _drawing(self, rows: Rows, told: dict[str, Image]) -> Compute:
        generator, labels = self._generator, self._labels
        session, up = generator.image, generator.network.settings.up[0]

        def compute(start: int, stop: int) -> tuple[int, Image]:
            low, high = start // up, -(-stop // up)
            inputs = {
                "rows": rows.take(low - 1, high + 1),
                "places": _places(generator, labels, 1, low, high),
                "label": labels,
            }
            for name, values in told.items():
                within = slice(low * up, high * up + BEYOND[name])
                inputs[name] = np.ascontiguousarray(values[..., within])
            (made,) = session.run(None, inputs)
            # The runtime's logarithm depends on how its threads share the work.
            np.log(made[:, 0], out=made[:, 0])
            return low * up, made

        return compute


def _places(
    generator: "HarmonicGenerator", labels: NDArray[np.int64], layer: int, low: int, high: int
) -> Image:
    """What the coordinates give rows [low, high) of the last stage's `layer`."""
    row = np.arange(low, high)
    last = generator.network.height(DOUBLINGS) - 1
    edge = np.where(row == 0, 0, np.where(row == last, 2, 1))
    notes = [generator.places(int(label))[layer] for label in labels]
    return np.concatenate([np.take(note, edge, axis=2) for note in notes])
