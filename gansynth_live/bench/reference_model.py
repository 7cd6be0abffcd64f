"""GANSynth at its real size with reproducible random weights: what both programs are timed with.

The rule is that of the reference note that the original's output is known for; the original's
own timing program follows it too. The sound is noise, the work is that of a trained model.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.normaliser import Constants
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec

CHANNELS = (256, 256, 256, 256, 128, 64, 32)
LATENT_SIZE, LOW_PITCH, HIGH_PITCH = 256, 24, 84
PITCH = 60  # of the reference note


def reference_bundle() -> Bundle:
    """The model, in memory only (29 MB)."""
    spec = ModelSpec(
        name="reference",
        licence="Apache-2.0",
        sample_rate=16_000,
        latent_size=LATENT_SIZE,
        low_pitch=LOW_PITCH,
        high_pitch=HIGH_PITCH,
        mel_bins=1024,
        stft=Stft(fft_size=2048, hop=512, frames=128, samples=64_000),
        normaliser=Constants(0.0661371661726, 0.113718730221, 0.8, 0.0),
        family=Progressive(
            start_frames=2, start_bins=16, channels=CHANNELS, alphas=(0, 0, 0, 0, 0, 0, 1)
        ),
    )
    instruments = {"reference": reference_latent()}
    return Bundle(Path(), spec, reference_weights(), instruments, digest="reference-20190223")


def reference_latent() -> NDArray[np.float32]:
    """Latent of the reference note, float32 [256]."""
    return np.random.RandomState(4242).standard_normal(LATENT_SIZE).astype(np.float32)


def reference_weights() -> dict[str, NDArray[np.float32]]:
    """Unscaled kernels and biases of a finished model by our names, float32."""
    random = np.random.RandomState(20190223)
    weights: dict[str, NDArray[np.float32]] = {}
    before = LATENT_SIZE + HIGH_PITCH - LOW_PITCH + 1
    for block, after in enumerate(CHANNELS, 1):
        size = (2, 16) if block == 1 else (3, 3)
        # The order is part of the rule: ASCII order of the original's names.
        parts = {
            f"block_{block}.conv0.bias": 0.1 * random.standard_normal(after),
            f"block_{block}.conv0.kernel": random.standard_normal((*size, before, after)),
            f"block_{block}.conv1.bias": 0.1 * random.standard_normal(after),
            f"block_{block}.conv1.kernel": random.standard_normal((3, 3, after, after)),
            f"block_{block}.output.bias": 0.1 * random.standard_normal(2) + [-0.3, 0.0],
            f"block_{block}.output.kernel": 1.5 * random.standard_normal((1, 1, after, 2)),
        }
        weights |= {name: part.astype(np.float32) for name, part in parts.items()}
        before = after
    heard = f"block_{len(CHANNELS)}.output"
    return {name: part for name, part in weights.items() if "output" not in name or heard in name}
