"""The air of a model's notes: told by a net that is shipped, and drawn as loud as is wanted."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.files import read_bounded
from gansynth_live.model.air.bands import FFT_SIZE, SAMPLE_RATE, tonality
from gansynth_live.model.air.draw import draw_air
from gansynth_live.model.air.net import SHAPES, AirNet
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.weights import pack_weights, unpack_weights
from gansynth_live.units import key_to_hz

Floats = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "air.safetensors"
LIFT = "lift"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Air:
    """What notes have above 8 kHz.

    Attributes:
        net: tells its levels.
        lift: gains of the model's bins that undo the decimation of the notes it learnt, float32
            [1024]; None: nothing is known of that.
        amount: factor on its amplitude, above 0.
    """

    net: AirNet
    lift: Floats | None
    amount: float = 1.0

    times = 3  # the model's sample rate

    def draw(
        self,
        spectra: Spectra,
        pitch: int,
        noise: NDArray[np.complex64],
        frame: int,
        sample: int,
        hop: int,
        transform: NDArray[np.complex64],
    ) -> None:
        """Add it to the transform of frames `frame`, ... of a note, as `draw_air` says."""
        levels, tonal = self.net.levels(spectra, pitch), tonality(spectra)
        hertz, rate = key_to_hz(pitch), self.times * SAMPLE_RATE
        draw_air(levels, tonal, noise, self.amount, hertz, frame, sample, hop, rate, transform)


@cache
def shipped_air() -> Air:
    """The air that suits any model. Its lift is that of notes which `train data` made."""
    return unpack_air(read_bounded(SHIPPED, LARGEST))


def air_for(stft: Stft, sample_rate: int, amount: float, *, decimated: bool) -> Air | None:
    """The air of a model; None where none is wanted, or its frames are not those air is told from.

    Args:
        decimated: whether the notes that it learnt were decimated as `train data` does.
    """
    if amount == 0.0 or (sample_rate, stft.fft_size) != (SAMPLE_RATE, FFT_SIZE):
        return None
    air = shipped_air()
    return replace(air, amount=amount, lift=air.lift if decimated else None)


def pack_air(net: AirNet, lift: Floats) -> bytes:
    """A net in half precision and the lift, as a file."""
    tensors = {name: tensor.astype(np.float16) for name, tensor in net._asdict().items()}
    return pack_weights(tensors | {LIFT: lift.astype(np.float16)})


def unpack_air(content: bytes) -> Air:
    """Air from a file.

    Raises:
        ModelError: it is damaged.
    """
    tensors = unpack_weights(content, SHAPES | {LIFT: (FFT_SIZE // 2,)})
    return Air(AirNet(**{name: tensors[name] for name in SHAPES}), tensors[LIFT])
