"""Whatever the hands and the knob do: no sounding slot is reused, and the newest blend wins."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.slots.render import Render
from tests.render.conftest import HIGH, LOW, small_machine
from tests.render.stage import Stage

BLENDS = st.sampled_from(["flute", "bell", "organ", "reed"])
KEYS = st.integers(LOW - 2, HIGH + 2)
PITCHES = HIGH - LOW + 1


class Performance(RuleBasedStateMachine):
    """Knob, hands, audio callback and up to three workers, in any order."""

    renderer: NoteRenderer

    @initialize(slots=st.integers(PITCHES + 3, 64 + 5 * PITCHES))
    def begin(self, slots: int) -> None:
        self.stage = Stage(small_machine(slots), self.renderer)
        self.working: list[Render] = []
        self.turns: dict[int, float] = {}

    @rule(blend=BLENDS, expected=st.none() | BLENDS)
    def turn_the_knob(self, blend: str, expected: str | None) -> None:
        self.stage.live.aim(blend, expected)

    @rule(anchors=st.lists(BLENDS))
    def keep_warm(self, anchors: list[str]) -> None:
        self.stage.live.keep_warm(anchors)

    @rule(key=KEYS, down=st.booleans(), frames=st.sampled_from([1, 64, 400]))
    def play_a_key(self, key: int, down: bool, frames: int) -> None:
        self.stage.machine.send(-1, 0x90 if down else 0x80, key, 100)
        self.stage.play(frames)

    @rule(frames=st.sampled_from([1, 64, 4000]), seconds=st.sampled_from([0.0, 0.01, 1.0]))
    def let_time_pass(self, frames: int, seconds: float) -> None:
        self.stage.now += seconds
        self.stage.play(frames)

    @precondition(lambda self: len(self.working) < 3)
    @rule()
    def a_worker_takes_something(self) -> None:
        render = self.stage.live.scheduler.poll()
        if render is None:
            return
        memory = self.stage.machine.memory
        assert render not in self.working
        if render.stream is None:
            assert not memory.users[render.slot], "a voice plays the slot"
            assert not memory.listed[render.slot], "a key lists the slot"
            assert render.slot not in {other.slot for other in self.working}
            if not render.is_of_voice:  # a voice that is held goes on in what it plays
                part = self.stage.live.parts[0]
                assert render.timbre in (part.target, part.expected, *part.anchors)
        self.working.append(render)

    @precondition(lambda self: self.working)
    @rule(which=st.integers(0, 2))
    def a_worker_delivers(self, which: int) -> None:
        render = self.working.pop(which % len(self.working))
        self.stage.live.scheduler.work(render)

    @invariant()
    def no_key_goes_back_to_an_older_blend(self) -> None:
        table = self.stage.live.parts[0].table
        for pitch in range(LOW, HIGH + 1):
            render = table.of(pitch)
            if pitch in self.turns:
                assert render is not None, "a key lost its render"
            if render is not None:
                newest = render.timbre == self.stage.live.parts[0].target
                turn = self.stage.live.generation if newest else render.generation
                assert turn >= self.turns.get(pitch, 0)
                self.turns[pitch] = turn

    @invariant()
    def the_slots_stay_within_the_budget(self) -> None:
        slots = [render.slot for render in self.stage.live.scheduler.pool]
        assert len(slots) == len(set(slots)) <= len(self.stage.machine.slots)

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        for render in self.working:
            self.stage.live.scheduler.work(render)
        self.stage.machine.send(-1, 0xB0, 120)  # all sound off: every slot may be used again
        self.stage.play(64)
        self.stage.work()
        assert set(self.stage.listed().values()) == {self.stage.live.parts[0].target}
        assert self.stage.live.snapshot().fresh == PITCHES


def test_any_performance(renderer: NoteRenderer) -> None:
    class OnThisModel(Performance):
        pass

    OnThisModel.renderer = renderer
    run_state_machine_as_test(
        OnThisModel,
        settings=settings(
            max_examples=30,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
