"""A small net that tells the levels of the bands above 8 kHz from those below, in each frame.

It looks at one frame alone, so how a note is cut, mixed or held changes nothing.
"""

from typing import NamedTuple

import numpy as np
from numba import float32, types
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.air.bands import HIGH_BANDS, INPUTS, described
from gansynth_live.model.audio.spectra import Spectra

Floats = NDArray[np.float32]

HIDDEN = 64
LEAK = np.float32(0.1)  # of what is below 0
MIDDLE, STEP = np.float32(-50.0), np.float32(20.0)  # dB: what 0 and 1 of an output mean


class AirNet(NamedTuple):
    """Weights [in, out] and biases [out] of three layers, float32; the fields name the tensors."""

    weight_1: Floats
    bias_1: Floats
    weight_2: Floats
    bias_2: Floats
    weight_3: Floats
    bias_3: Floats

    def levels(self, spectra: Spectra, pitch: int) -> Floats:
        """Levels in dB of the high bands: float32 [frames, 16]."""
        return self.told(*described(spectra, pitch))

    def told(self, inputs: Floats, whole: Floats) -> Floats:
        """The same of frames as `described`."""
        levels = np.empty((len(inputs), HIGH_BANDS), np.float32)
        room = np.empty((2, HIDDEN), np.float32)
        _run(inputs, whole, self, room[0], room[1], levels)
        return levels


SHAPES: dict[str, tuple[int, ...]] = {
    "weight_1": (INPUTS, HIDDEN),
    "bias_1": (HIDDEN,),
    "weight_2": (HIDDEN, HIDDEN),
    "bias_2": (HIDDEN,),
    "weight_3": (HIDDEN, HIGH_BANDS),
    "bias_3": (HIGH_BANDS,),
}


@compiled_entry(
    float32[:, ::1],
    float32[::1],
    types.NamedTuple(3 * [float32[:, ::1], float32[::1]], AirNet),
    *2 * [float32[::1]],
    float32[:, ::1],
)
def _run(
    inputs: Floats,
    whole: Floats,
    net: AirNet,
    hidden_1: Floats,
    hidden_2: Floats,
    levels: Floats,
) -> None:
    for frame in range(len(inputs)):
        _layer(inputs[frame], net.weight_1, net.bias_1, hidden_1)
        _rectify(hidden_1)
        _layer(hidden_1, net.weight_2, net.bias_2, hidden_2)
        _rectify(hidden_2)
        _layer(hidden_2, net.weight_3, net.bias_3, levels[frame])
        for band in range(levels.shape[1]):
            levels[frame, band] = levels[frame, band] * STEP + MIDDLE + whole[frame]


@compiled
def _layer(inputs: Floats, weight: Floats, bias: Floats, outputs: Floats) -> None:
    for j in range(len(outputs)):
        outputs[j] = bias[j]
    for i in range(len(inputs)):
        row, value = weight[i], inputs[i]
        for j in range(len(outputs)):
            outputs[j] += value * row[j]


@compiled
def _rectify(values: Floats) -> None:
    for j in range(len(values)):
        values[j] = max(values[j], LEAK * values[j])
