"""What the network is run for ahead of time is what it makes when it is asked, and no more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.model.audio.stft import Stft
from gansynth_live.render.continuation.frame_source import BlendFrames
from gansynth_live.render.continuation.walk import Walk, plan_first_frames, plan_frames
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.renderer import NoteRenderer
from tests.render.conftest import latent

STFT = Stft(fft_size=2048, hop=512, frames=128, samples=64000)
LEAST, GRAIN = 7, 8


def source(renderer: NoteRenderer) -> BlendFrames:
    z, generator = latent("bell", 64), renderer.generator
    frames = generator.begin(z[np.newaxis], np.array([64]))
    return BlendFrames(z, frames, generator, renderer.locked.unfold)


@pytest.mark.parametrize("places", [[5, 6, 7, 8], [9, 8, 7], [0, 1], [30, 31]])
def test_prepared_frames_are_those_that_are_asked_for(
    renderer: NoteRenderer, places: list[int]
) -> None:
    prepared, plain = source(renderer), source(renderer)
    for other in ([3, 4], places, [20]):
        prepared.prepare(np.array(other))
    wanted = np.array(places)
    made = zip(prepared.spectra(wanted)[:2], plain.spectra(wanted)[:2], strict=True)
    for ours, theirs in made:
        np.testing.assert_array_equal(ours, theirs)


@settings(deadline=None, max_examples=60)
@given(
    start=st.integers(4, 400),
    seed=st.integers(0, 20),
    decaying=st.sampled_from([0.0, 0.3, 1.0]),
    most=st.integers(LEAST, 60),
)
def test_a_first_part_is_the_course_up_to_where_the_network_would_run_again(
    start: int, seed: int, decaying: float, most: int
) -> None:
    walk, clock = Walk(Zone.of(STFT), seed), float(start - 1)
    first = plan_first_frames(walk, start, LEAST, most, GRAIN, clock, decaying)
    frames = len(first.places) - 1
    assert LEAST <= frames <= min(LEAST + GRAIN - 1, most)
    whole = plan_frames(walk, start, start + frames + 1, clock, decaying)
    np.testing.assert_array_equal(first.places, whole.places[:-1])
    grains = whole.places // GRAIN
    wanted = grains[: LEAST + 1]
    assert wanted.min() <= grains[: frames + 1].min()
    assert grains[: frames + 1].max() <= wanted.max()
    goes_on = wanted.min() <= grains[frames + 1] <= wanted.max()
    assert not goes_on or frames == min(LEAST + GRAIN - 1, most)
