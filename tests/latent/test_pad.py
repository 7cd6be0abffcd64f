"""The morph pad: weights of points by nearness, and how it takes turns with the other knobs."""

from itertools import pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.pad import GRID, PURE, STEPS, Pad, default_points, on_grid
from tests.latent.turned import CONTROL, PATH, controls

share = st.floats(0.0, 1.0)
place = st.tuples(share, share)


@given(st.lists(place, min_size=1, max_size=12), place)
def test_weights_are_those_of_the_formula(points: list[tuple[float, float]], q: object) -> None:
    at = on_grid(q)  # type: ignore[arg-type]
    weights = Pad(points, len(points)).weights(at)
    distances = [dist(at, point) for point in points]
    if min(distances) < PURE:
        near = [distance < PURE for distance in distances]
        assert weights == [round(STEPS * n / sum(near)) / STEPS for n in near]
        return
    far = sorted(distances)
    radius = 1.25 * far[4] if len(far) > 4 else 1.5 * far[-1]
    raw = [((radius - d) / (radius * d)) ** 2 if d < radius else 0.0 for d in distances]
    assert weights == pytest.approx([r / sum(raw) for r in raw], abs=0.5 / STEPS + 1e-9)
    assert min(weights) >= 0.0
    assert sum(weights) > 0.9


@pytest.mark.parametrize("count", range(1, 65))
def test_every_point_is_pure_and_the_middle_of_all_is_fair(count: int) -> None:
    points = default_points(count)
    pad = Pad((), count)
    for number, point in enumerate(points):
        weights = pad.weights(on_grid(point))
        assert weights[number] == max(weights)
        if count <= 12:
            assert weights[number] > 0.95
    middle = pad.weights((0.5, 0.5))
    assert max(middle) == min(middle) > 0.0


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 8, 12])
def test_no_step_of_the_grid_is_a_jump(count: int) -> None:
    pad = Pad((), count)
    for row in range(0, GRID + 1, 4):
        line = [pad.weights((column / GRID, row / GRID)) for column in range(GRID + 1)]
        for before, after in pairwise(line):
            assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 0.35


def test_points_of_another_number_stand_by_default() -> None:
    assert Pad([(0.0, 0.0)], 3).weights((0.5, 0.9)) == Pad((), 3).weights((0.5, 0.9))
    assert default_points(2) == ((0.1, 0.5), (0.9, 0.5))
    assert default_points(4)[0] == pytest.approx((0.5, 0.9))
    assert default_points(4)[1] == pytest.approx((0.9, 0.5))


def test_points_at_one_place_share() -> None:
    pad = Pad([(0.5, 0.5), (0.5, 0.5), (0.9, 0.9)], 3)
    assert pad.weights((0.5, 0.5)) == [0.5, 0.5, 0.0]
    assert all(weight > 0.0 for weight in pad.weights((0.75, 0.75)))


def test_the_control_that_was_moved_last_leads() -> None:
    knob = controls("morph.points=[[0, 0], [1, 0], [0, 1]]")
    assert knob.pad_at(0.0) is None
    knob.set(1.0, "morph.pad_x", 1.0)
    knob.set(1.0, "morph.pad_y", 0.0)
    assert knob.blend_at(1.0) == Blend.only("choir")
    assert knob.pad_at(1.0) == (1.0, 0.0)
    assert knob.values["morph.pad"] is True
    knob.set(2.0, "morph.position", 1.0)
    assert knob.blend_at(2.0) == Blend.only("flute")
    assert knob.pad_at(2.0) is None
    knob.set(3.0, "morph.pad", True)
    assert knob.blend_at(3.0) == Blend.only("choir")
    knob.set(4.0, "morph.program", "organ")
    assert knob.blend_at(4.0) == Blend.only("organ")


def test_it_glides() -> None:
    knob = controls("motion.glide=2", "morph.pad=true", "morph.points=[[0, 0], [1, 0], [0.5, 1]]")
    knob.set(0.0, "morph.pad_x", 1.0)
    knob.set(0.0, "morph.pad_y", 0.0)
    assert knob.pad_at(0.0) == (0.5, 0.5)
    assert knob.pad_at(1.0) == (0.75, 0.25)
    assert not knob.rests_at(1.0)
    assert knob.blend_at(2.0) == Blend.only("choir")
    assert knob.rests_at(2.0)


def test_controllers_that_have_learnt_move_it_to_every_place() -> None:
    knob = controls("controllers.morph.pad_x=40", "controllers.morph.pad_y=41")
    seen = set()
    for value in range(128):
        knob.feed(0.0, CONTROL, 40, value)
        knob.feed(0.0, CONTROL, 41, 127 - value)
        seen.add(knob.pad_at(0.0))
    assert len(seen) == 128
    assert {(0.0, 1.0), (1.0, 0.0)} <= seen


@given(place)
def test_what_leads_comes_back_from_its_values(q: tuple[float, float]) -> None:
    knob = controls()
    knob.set(0.0, "morph.pad_x", q[0])
    knob.set(0.0, "morph.pad_y", q[1])
    values = knob.values
    settings = [f"{name}={values[name]}" for name in ("morph.pad_x", "morph.pad_y")]
    assert values["morph.pad"] is True
    again = controls("morph.pad=true", *settings)
    assert again.blend_at(0.0) == knob.blend_at(0.0)


def test_a_file_travels_its_path_whatever_the_pad_says() -> None:
    journey = controls("morph.pad=true", lasts=2.0)
    journey.set(0.0, "morph.pad_x", 1.0)
    assert journey.blend_at(0.0) == Blend.only(PATH.instruments[0])
    assert journey.pad_at(0.0) is None
