"""Which timbre a note of a file has."""

from collections.abc import Sequence

import pytest

from gansynth_live.config import control_map, load_config
from gansynth_live.errors import UsageError
from gansynth_live.instrument import open_library
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.programs import ProgramMap
from gansynth_live.midi import Event
from gansynth_live.performance.morph_plan import (
    MorphPlan,
    chooses_timbres,
    chosen_path,
    random_path,
)

PATH = MorphPath(("cello", "choir", "flute"))


EVENTS = [
    Event(0.0, 0x90, 60, 100),
    Event(1.0, 0xB3, 1, 127),
    Event(2.0, 0x90, 62, 100),
    Event(2.0, 0xC0, 1),
    Event(3.0, 0xE0, 1, 127),
]


def at(time: float) -> Event:
    return Event(time, 0x90, 60, 100)


def plan(
    events: Sequence[Event], *settings: str, path: MorphPath = PATH, lasts: float | None = None
) -> MorphPlan:
    config = load_config(overrides=settings)

    def begin() -> MorphControls:
        return MorphControls(
            path,
            ProgramMap(["oboe", "kalimba"]),
            config.morph,
            config.motion,
            control_map(config),
            lasts=lasts,
        )

    return MorphPlan(path, begin, events)


def test_by_time_the_ends_and_the_middle_are_pure() -> None:
    by_time = plan(EVENTS, lasts=10.0)
    assert by_time.after(at(0.0)) == Blend.only("cello")
    assert by_time.after(at(5.0)) == Blend.only("choir")
    assert by_time.after(at(10.0)) == by_time.after(at(11.0)) == Blend.only("flute")


def test_by_time_steps_count_between_instruments() -> None:
    many = MorphPath(tuple(f"random:1:{n}" for n in range(100)))
    by_time = plan([], "morph.steps=1", path=many, lasts=99.0)
    assert [by_time.after(at(float(second))).weights[0][0] for second in range(100)] == list(
        many.instruments
    )
    assert by_time.track().instruments == ()


def test_by_time_the_line_is_straight() -> None:
    track = plan([at(10.0)], lasts=10.0).track()
    assert track.times[0] == track.positions[0] == 0.0
    assert (track.times[-1], track.positions[-1]) == (10.0, 1.0)
    assert track.positions == pytest.approx([time / 10.0 for time in track.times], abs=0.003)
    assert track.instruments == PATH.instruments


def test_by_controllers_the_file_speaks() -> None:
    by_file = plan(EVENTS)
    assert [by_file.after(event) for event in EVENTS] == [
        Blend.only(name) for name in ("cello", "flute", "flute", "kalimba", "kalimba")
    ]
    track = by_file.track()
    assert set(track.positions[:50]) == {0.0}
    assert set(track.positions[50:]) == {1.0}


def test_a_moment_may_be_asked_in_any_order() -> None:
    asked = plan(EVENTS)
    for event in EVENTS:
        asked.after(event)
    moments = [2.0, 0.5, 3.0, 1.0, 0.999, 1.999, 9.0, 0.0]
    names = ["kalimba", "cello", "kalimba", "flute", "cello", "flute", "kalimba", "cello"]
    assert [asked.blend_at(moment) for moment in moments] == [Blend.only(name) for name in names]


def test_between_messages_the_blend_goes_on_moving() -> None:
    swinging = plan([at(0.0), at(4.0)], "motion.lfo_depth=1", "motion.lfo_rate=0.25")
    assert swinging.blend_at(1.0) == Blend.only("flute")
    assert swinging.blend_at(3.0) == Blend.only("cello")
    assert max(swinging.track().positions) == 1.0
    assert min(swinging.track().positions) == 0.0


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
    controls = control_map(load_config())
    assert chooses_timbres([at(0.0), event], controls, programs=True) == alone
    assert chooses_timbres([at(0.0), event], controls, programs=False) == beside_instruments


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
