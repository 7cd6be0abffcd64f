"""A listener of the project's own: which pitch a note has, learnt from the real notes.

Its features and answers give the figures that the GANSynth paper reports for its models.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.files import replacing
from gansynth_live.training.notes import HIGH_PITCH, LOW_PITCH, NoteSet

STEPS, BINS = 8, 1024  # what it sees of an image: power, averaged over 16 frames
FEATURES = 128
BATCH, RATE = 64, 2e-3
NOISE, SHIFT = 0.05, 0.1  # in units of the image: against learning the recordings by heart


class PitchClassifier(nn.Module):
    """Power of images [n, 8, 1024] to features [n, 128] and pitch logits [n, 61]."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(a, b, 9, stride=s, padding=4)
            for a, b, s in ((STEPS, 32, 2), (32, 48, 2), (48, 64, 2), (64, 64, 2))
        )
        self.features = nn.Linear(64 * BINS // 16, FEATURES)
        self.pitch = nn.Linear(FEATURES, HIGH_PITCH - LOW_PITCH + 1)

    def forward(self, power: Tensor) -> tuple[Tensor, Tensor]:
        x = power
        for conv in self.convs:
            x = functional.leaky_relu(functional.group_norm(conv(x), 8), 0.2)
        features = functional.leaky_relu(self.features(x.flatten(1)), 0.2)
        return features, self.pitch(features)


def seen(images: Tensor) -> Tensor:
    """What the classifier sees of images [n, 2, 128, 1024]."""
    power: Tensor = images[:, 0]
    return power.reshape(len(power), STEPS, -1, BINS).mean(2)


def train_classifier(
    notes: NoteSet, epochs: int, progress: Callable[[float], None]
) -> PitchClassifier:
    """A classifier of the set's real notes that are not held out."""
    torch.manual_seed(0)
    classifier = PitchClassifier()
    kept = np.flatnonzero(~notes.held_out)
    power = torch.cat(
        [seen(_images(notes, part)) for part in np.array_split(kept, -(-len(kept) // BATCH))]
    )
    pitch = torch.from_numpy(notes.pitch[kept] - LOW_PITCH)
    optimiser = torch.optim.AdamW(classifier.parameters(), lr=RATE, weight_decay=0.01)
    steps = epochs * (len(kept) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for step in range(steps):
        some = torch.randint(0, len(kept), (BATCH,))
        shown = power[some] + SHIFT * torch.randn(BATCH, 1, 1)
        shown = shown + NOISE * torch.randn_like(shown)
        loss = functional.cross_entropy(classifier(shown)[1], pitch[some], label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        progress((step + 1) / steps)
    return classifier.eval()


@torch.no_grad()
def answers(
    classifier: PitchClassifier, images: Tensor
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features [n, 128] and pitch probabilities [n, 61] of images [n, 2, 128, 1024]."""
    features, logits = classifier(seen(images))
    return features.double().numpy(), logits.double().softmax(1).numpy()


def save_classifier(classifier: PitchClassifier, path: Path) -> None:
    """Write the weights as safetensors (float16)."""
    with replacing(path) as beside:
        save_file({k: v.half().contiguous() for k, v in classifier.state_dict().items()}, beside)


def _images(notes: NoteSet, cells: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(notes.images[cells].astype(np.float32))
