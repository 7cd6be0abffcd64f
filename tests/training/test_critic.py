"""The critic of the adversarial stage, on real notes and blurred ones."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from gansynth_live.training.critic import Opponent, shown
from gansynth_live.training.notes import LOW_PITCH, open_notes
from gansynth_live.training.processes import Crew
from gansynth_live.training.recipe import Contest

ALONE = Crew(0, 1, torch.device("cpu"))
STEPS = 40


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def real(notes_folder: Path) -> Tensor:
    """Images of four notes."""
    return torch.from_numpy(open_notes(notes_folder).images[:4].astype(np.float32))


@pytest.fixture(scope="module")
def pitch(notes_folder: Path) -> Tensor:
    return torch.from_numpy(open_notes(notes_folder).pitch[:4] - LOW_PITCH)


def blurred(images: Tensor) -> Tensor:
    """What a generator makes that has learnt averages: smooth over time."""
    return functional.avg_pool2d(images, (15, 1), stride=1, padding=(7, 0))


@pytest.mark.long
def test_it_learns_what_averages_lack_and_says_so(real: Tensor, pitch: Tensor) -> None:
    opponent = Opponent(Contest(rate=2e-3), ALONE)
    made = blurred(real)
    _, before = opponent.verdict(real, real, pitch)
    for step in range(STEPS):
        opponent.learn(made, real, pitch, 1.0, step=step)
    _, of_made = opponent.verdict(made, real, pitch)
    _, of_real = opponent.verdict(real, real, pitch)
    assert of_made["fooled"] > of_real["fooled"] + 0.2
    assert of_made["features"] > 0.05
    assert of_real["features"] == 0.0
    assert of_real["made pitch"] < before["made pitch"]


def test_its_verdict_moves_the_images_and_not_itself(real: Tensor, pitch: Tensor) -> None:
    opponent = Opponent(Contest(), ALONE)
    made = blurred(real).requires_grad_(True)
    loss, _ = opponent.verdict(made, real, pitch)
    loss.backward()  # type: ignore[no-untyped-call]
    assert made.grad is not None
    assert made.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in opponent.critic.parameters())
    opponent.learn(made, real, pitch, 1.0, step=0)
    assert all(parameter.grad is not None for parameter in opponent.critic.parameters())


def test_frequencies_of_silence_are_not_shown(real: Tensor) -> None:
    other = real.clone()
    quiet = real[:, 0] < real[:, 0].amax((1, 2), keepdim=True) - 1.0
    assert quiet.any()
    other[:, 1][quiet] = 0.7
    torch.testing.assert_close(shown(other), shown(real))
