"""Which timbre a note of a file has."""

import pytest

from gansynth_live.cli.morph_plan import (
    ByTime,
    by_controllers,
    chooses_timbres,
    chosen_path,
    random_path,
)
from gansynth_live.config import load_config
from gansynth_live.errors import UsageError
from gansynth_live.instrument import open_library
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.path import MorphPath
from gansynth_live.midi import Event

PATH = MorphPath(("cello", "choir", "flute"))


def at(time: float) -> Event:
    return Event(time, 0x90, 60, 100)


def test_by_time_the_ends_and_the_middle_are_pure() -> None:
    plan = ByTime(PATH, 10.0, 1.0, 64)
    assert plan.after(at(0.0)) == Blend.only("cello")
    assert plan.after(at(5.0)) == Blend.only("choir")
    assert plan.after(at(10.0)) == plan.after(at(11.0)) == Blend.only("flute")


def test_by_time_steps_count_between_instruments() -> None:
    many = MorphPath(tuple(f"random:1:{n}" for n in range(100)))
    plan = ByTime(many, 99.0, 1.0, 1)
    assert [plan.after(at(float(second))).weights[0][0] for second in range(100)] == list(
        many.instruments
    )
    assert plan.track().instruments == ()


def test_by_time_the_line_is_straight() -> None:
    track = ByTime(PATH, 10.0, 1.0, 8).track()
    assert track.times[0] == track.positions[0] == 0.0
    assert (track.times[-1], track.positions[-1]) == (10.0, 1.0)
    assert track.instruments == PATH.instruments


def test_by_controllers_the_file_speaks() -> None:
    plan = by_controllers(PATH, ["oboe", "kalimba"], load_config().morph)
    assert plan.after(at(0.0)) == Blend.only("cello")
    assert plan.after(Event(1.0, 0xB3, 1, 127)) == Blend.only("flute")
    assert plan.after(Event(2.0, 0xC0, 1)) == Blend.only("kalimba")
    assert plan.after(Event(3.0, 0xE0, 1, 127)) == Blend.only("kalimba")
    assert plan.track().times == [0.0, 1.0]
    assert plan.track().positions == [0.0, 1.0]


@pytest.mark.parametrize(
    ("event", "alone", "beside_instruments"),
    [
        (Event(0.0, 0xB0, 1, 64), True, True),
        (Event(0.0, 0xB5, 17, 64), True, True),
        (Event(0.0, 0xC2, 5), True, False),
        (Event(0.0, 0xB0, 7, 64), False, False),
        (Event(0.0, 0x90, 1, 64), False, False),
    ],
)
def test_a_file_chooses_timbres(event: Event, alone: bool, beside_instruments: bool) -> None:
    morph = load_config().morph
    assert chooses_timbres([at(0.0), event], morph, programs=True) == alone
    assert chooses_timbres([at(0.0), event], morph, programs=False) == beside_instruments


def test_random_paths() -> None:
    assert random_path(3, 7, 60.0, None).instruments == ("random:7:0", "random:7:1", "random:7:2")
    assert len(random_path(2, 7, 60.0, 5.0).instruments) == 12
    assert len(random_path(2, 7, 1.0, 5.0).instruments) == 1
    with pytest.raises(UsageError, match="longer"):
        random_path(2, 7, 60.0, 0.001)


def test_chosen_paths_know_their_instruments() -> None:
    _, library = open_library(None)
    assert chosen_path(["cello", "random:3"], "0,1", library).at == (0.0, 1.0)
    with pytest.raises(UsageError, match="did you mean 'cello'"):
        chosen_path(["flute", "celo"], None, library)
    with pytest.raises(UsageError, match="not a list of numbers"):
        chosen_path(["flute", "cello"], "0;1", library)
