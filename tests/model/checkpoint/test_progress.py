import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.model.checkpoint.experiment import Experiment
from gansynth_live.model.checkpoint.progress import output_alphas, progress, trained_blocks

REAL = Experiment(stable_stage_num_images=800_000, transition_stage_num_images=800_000)
SHORT = Experiment(stable_stage_num_images=4, transition_stage_num_images=4)


@pytest.mark.parametrize(("stage", "blocks"), [(0, 1), (1, 2), (2, 2), (3, 3), (11, 7), (12, 7)])
def test_blocks_of_a_stage(stage: int, blocks: int) -> None:
    assert trained_blocks(stage) == blocks


@pytest.mark.parametrize(
    ("stage", "images", "expected"),
    [
        (12, 56, 6.0),
        (11, 45, 5.25),
        (0, 0, 0.0),
        (1, 6, 0.5),
        (1, 10**9, 0.75 + 0.25),
        (2, 11, 1.0),
    ],
)
def test_progress_by_images(stage: int, images: int, expected: float) -> None:
    assert progress(SHORT, stage, images, 0.0) == pytest.approx(expected)


def test_a_finished_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress(REAL, 12, 11_000_000, 0.0) == 6
    assert output_alphas(6.0, 7) == (0, 0, 0, 0, 0, 0, 1)


def test_a_model_that_was_not_grown() -> None:
    assert progress(Experiment(train_progressive=False), 4, 0, 0.0) == 2


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 0), (10, 0), (15, 0.5), (20, 1), (35, 1.5), (45, 2), (99, 2)]
)
def test_progress_by_time(seconds: float, expected: float) -> None:
    timed = Experiment(num_resolutions=3, train_time_limit=50)
    assert progress(timed, 4, 0, seconds) == pytest.approx(expected)


def test_stages_may_grow_longer() -> None:
    timed = Experiment(num_resolutions=2, train_time_limit=7, train_time_stage_multiplier=2)
    assert progress(timed, 2, 0, 2.0) == pytest.approx(0.5)


@given(st.integers(0, 12), st.integers(0, 120), st.integers(0, 9), st.integers(0, 9))
def test_alphas_are_the_originals_and_add_up(
    stage: int, images: int, stable: int, transition: int
) -> None:
    experiment = Experiment(stable_stage_num_images=stable, transition_stage_num_images=transition)
    blocks = trained_blocks(stage)
    done = progress(experiment, stage, images, 0.0)
    assert 0 <= done <= blocks - 1
    alphas = output_alphas(done, blocks)
    assert sum(alphas) == pytest.approx(1)
    assert alphas[-1] > 0
    assert not any(alphas[:-2])


def test_reference_alphas() -> None:
    np.testing.assert_allclose(output_alphas(5.25, 7), [0, 0, 0, 0, 0, 0.75, 0.25])
