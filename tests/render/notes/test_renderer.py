"""One note, whole and in slices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.render.notes.finite import flush_denormals
from gansynth_live.render.notes.level import level_gain
from gansynth_live.render.notes.renderer import (
    NoteRenderer,
    stops_after,
)
from tests.render.conftest import RATE, SAMPLES, latent

RATES = [RATE, 11025, 16000, 44100]


def at_rate(renderer: NoteRenderer, rate: int) -> NoteRenderer:
    return NoteRenderer(renderer.generator, renderer.inversion, rate)


@pytest.mark.parametrize("rate", RATES)
def test_slices_are_the_whole_note_bit_for_bit(renderer: NoteRenderer, rate: int) -> None:
    notes = at_rate(renderer, rate)
    whole = notes.render_whole(latent("flute", 64), 64)
    slices = list(notes.render(latent("flute", 64), 64))
    assert len(slices) == 2
    assert np.array_equal(np.concatenate(slices), whole.samples)


@given(cuts=st.sets(st.integers(1, 31)))
@settings(max_examples=20, deadline=None)
def test_any_cuts_give_the_same_bits(renderer: NoteRenderer, cuts: set[int]) -> None:
    note = at_rate(renderer, 16000).begin(latent("bell", 61), 61)
    pieces = [note.advance(stop) for stop in [*sorted(cuts), 32]]
    whole = at_rate(renderer, 16000).render_whole(latent("bell", 61), 61)
    assert np.array_equal(np.concatenate(pieces), whole.samples)
    assert note.gain() == whole.gain


@pytest.mark.parametrize("rate", RATES)
def test_a_note_has_its_length_at_every_rate(renderer: NoteRenderer, rate: int) -> None:
    whole = at_rate(renderer, rate).render_whole(latent("organ", 60), 60)
    assert whole.samples.dtype == np.float32
    assert len(whole.samples) == int(np.ceil(SAMPLES * rate / RATE))


def test_the_level_does_not_depend_on_the_device(renderer: NoteRenderer) -> None:
    gains = {at_rate(renderer, rate).render_whole(latent("organ", 60), 60).gain for rate in RATES}
    assert len(gains) == 1
    plain = renderer.render_whole(latent("organ", 60), 60)
    # The tape keeps 16 bits.
    assert gains.pop() == pytest.approx(level_gain(plain.samples, RATE), rel=1e-5)


def test_denormals_become_silence() -> None:
    tiny = np.finfo(np.float32).tiny
    samples = np.array([tiny, tiny / 2, -tiny / 4, 0.0, -0.5], np.float32)
    assert flush_denormals(samples).tolist() == [tiny, 0.0, 0.0, 0.0, -0.5]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 500.0])  # e^500 is too large for a float32
def test_what_is_not_finite_is_refused(renderer: NoteRenderer, bad: float) -> None:
    class Broken:
        spec = renderer.generator.spec
        grain = renderer.generator.grain

        def begin(self, *_: object) -> "Broken":
            return self

        def frames(self, start: int, stop: int) -> NDArray[np.float32]:
            return np.full((1, stop - start, 64, 2), bad, np.float32)

    broken = NoteRenderer(Broken(), renderer.inversion, RATE)
    with pytest.raises(match="NaN or Inf at pitch 65"):
        broken.render_whole(latent("organ", 65), 65)


def test_a_long_note_has_a_short_first_slice() -> None:
    assert stops_after(0, 128) == [12, 32, 56, 80, 104, 128]
    assert stops_after(16, 128) == [32, 56, 80, 104, 128]
    assert stops_after(0, 12) == [12]
