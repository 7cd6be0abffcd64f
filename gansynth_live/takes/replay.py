"""A take heard again: the same messages at the same frames, the same renders at the same places."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gansynth_live import __version__
from gansynth_live.engine.process import process_block
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import Instrument, make_machine
from gansynth_live.kernel.layout import LET_GO
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.kernel.tuning import Tunings
from gansynth_live.latent.blend import Blend
from gansynth_live.midi.messages import NOTE_ON
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS, TUNING, find, keys_of
from gansynth_live.parts import plan_parts
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.settings import lend_instruments
from gansynth_live.render.schedule.freewheel import PlannedNote
from gansynth_live.render.schedule.offline import Lookahead, as_it_was
from gansynth_live.render.schedule.returns import Returns, solo_parts
from gansynth_live.takes.keyframe import layout_of, restore
from gansynth_live.takes.take import Edit, Take

STEP = 1024  # frames
TAIL_SECONDS = 30.0


@dataclass
class Replay:
    """A take in a machine of its own.

    Args:
        instrument: renders at the rate that it is to be heard at.

    Attributes:
        differences: why it is not heard bit for bit as it was played, one line each.

    Raises:
        UsageError: the model has not all of its instruments.
        ConfigError: its copy of the instrument is damaged.
    """

    take: Take
    instrument: Instrument
    workers: int = 0
    differences: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        take, renderer = self.take, self.instrument.renderer
        self._lend()
        parts = [plan.settings for plan in plan_parts(take.config, self.instrument.library)]
        self._machine = make_machine(take.config, renderer, parts)
        self._ratio = renderer.device_rate / take.sample_rate
        self._is_exact = layout_of(self._machine) == take.layout
        self._restore()
        self._plan = self._planned(parts)
        self._compare()

    @property
    def silent_frames(self) -> int:
        """Frames from the beginning until the first note."""
        first = next((e.frame for e in self.take.events if e.serial), self.take.start)
        return self._frame(first) - self._frame(self.take.start)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """The sound, float32 [2, n] each, from the beginning of the take until all is silent.

        Up to the frame at which the take was kept it is as it was; then keys are let go.
        """
        machine, take = self._machine, self.take
        renderer, library = self.instrument.renderer, self.instrument.library
        ratio = renderer.locked.sample_rate / take.switch_rate
        again = as_it_was(switch.told(ratio) for switch in take.switches)
        with Lookahead(
            machine, renderer, library.latent, self._plan, again, self.workers, library.vibrato
        ) as ahead:
            first = self._begin()
            yield from self._played(machine, ahead, first)
            machine.send(self._frame(take.end), LET_GO)
            frame = self._frame(take.end)
            limit = frame + int(TAIL_SECONDS * machine.sample_rate)
            while frame < limit:
                ahead.follow(frame)
                ahead.reach(frame + STEP)
                yield process_block(machine, STEP)
                frame += STEP
                if not machine.snapshot().voices and not machine.rings:
                    break

    def _played(
        self, machine: Machine, ahead: Lookahead, first: int
    ) -> Iterator[NDArray[np.float32]]:
        events, edits = iter(self.take.events), iter(self.take.edits)
        event, edit = next(events, None), next(edits, None)
        frame, end = first, self._frame(self.take.end)
        while frame < end:
            stop = min(frame + STEP, end)
            while edit is not None and self._frame(edit.frame) <= frame:
                self._edit(machine, edit.part, edit.values)
                edit = next(edits, None)
            if edit is not None:
                stop = min(stop, self._frame(edit.frame))
            ahead.follow(frame)
            ahead.reach(stop)
            while event is not None and self._frame(event.frame) < stop:
                at = self._frame(event.frame)
                machine.send(at, event.status, event.data1, event.data2)
                event = next(events, None)
            yield process_block(machine, stop - frame)
            frame = stop

    def _begin(self) -> int:
        """The machine as it was; its first frame. Walks are counted from the first note ever."""
        self._restore()
        status = self._machine.memory.status
        status["frame"] = self._frame(self.take.start)
        status["panics"] = status["sensing"] = 0  # those of other queues; what it let go is told
        if not self._is_exact:
            serials = [event.serial for event in self.take.events if event.serial]
            status["notes"] = serials[0] - 1 if serials else 0
        return self._frame(self.take.start)

    def _restore(self) -> None:
        try:
            restore(self._machine, self.take.keyframe, exactly=self._is_exact)
        except ValueError as error:
            raise ConfigError(f"the take cannot be heard: {error}") from error

    def _edit(self, machine: Machine, part: int, values: dict[str, object]) -> None:
        for name, value in values.items():
            parameter = PARAMETERS.get(name)
            if parameter is not None and parameter.home in (Home.MACHINE, Home.PART):
                machine.change(parameter, find(name).check(value, name), max(part, 0))

    def _planned(self, parts: Sequence[PartSettings]) -> list[PlannedNote]:
        """What each note began in; where nobody told, what the one before did."""
        begun = {s.serial: s.told().timbre for s in self.take.switches if s.start <= 0}
        timbre: object = next(iter(begun.values()), Blend.only(self.instrument.library.names[0]))
        tunings, edits = self._machine.tunings.apart(), deque(self.take.edits)
        plan, untold = [], 0
        solo = solo_parts(self._machine)
        returns = [
            Returns(part, partial(tunings.pitch_of, number), is_solo=solo[number])
            for number, part in enumerate(parts)
        ]
        for event in self.take.events:
            serial, frame = event.serial, self._frame(event.frame)
            while edits and edits[0].frame <= event.frame:
                _retune(tunings, edits.popleft())
            for number, part in enumerate(parts):
                pitches = returns[number].after(event.status, event.data1, event.data2)
                if not event.serial:
                    continue
                strikes = event.status & 0xF0 == NOTE_ON and event.data2 > 0
                pitch = tunings.pitch_of(number, event.data1)
                if strikes and pitch is not None and part.plays(event.status & 0x0F, event.data1):
                    untold += serial not in begun and not solo[number]
                    pitches = [pitch]
                if pitches:
                    timbre = begun.get(serial, timbre)
                    plan += [PlannedNote(frame, each, timbre, number) for each in pitches]
                    serial += 1
        if untold:
            self.differences.append(f"{untold} notes ended before their render was known")
        return plan

    def _lend(self) -> None:
        own = self.take.instruments
        if own:
            preset = Preset(name="take", model=self.take.model, instruments=own)
            lend_instruments(preset, self.instrument.bundle, self.instrument.library)
        names = {name for switch in self.take.switches for name, _ in switch.weights}
        missing = [f"'{name}'" for name in names if not self.instrument.library.has(name)]
        if missing:
            raise UsageError(f"the model has no {', '.join(missing)}, which the take plays")

    def _compare(self) -> None:
        take, bundle = self.take, self.instrument.bundle
        if take.model.digest != bundle.digest:
            self.differences.append(f"the model is '{bundle.spec.name}', not '{take.model.name}'")
        if self._ratio != 1.0:
            self.differences.append(
                f"it is played at {self.instrument.renderer.device_rate} Hz, not"
                f" {take.sample_rate} Hz"
            )
        elif not self._is_exact:
            self.differences.append(
                f"it was played by version {take.version}, and this is {__version__}; what the"
                " parameters were set to while it was played is not known here"
            )
        if take.missing:
            self.differences.append(f"{take.missing} notes had to wait for their render")
        if take.learnt:
            self.differences.append("controllers learnt meanwhile what to move; here they do not")
        if take.edits:
            self.differences.append(
                f"{len(take.edits)} changes by other ways than MIDI come some frames later"
            )

    def _frame(self, frame: int) -> int:
        """A frame of the take in the machine's own; 64 frames' grid is that of the take."""
        return frame if self._ratio == 1.0 else round(frame * self._ratio)


def _retune(tunings: Tunings, edit: Edit) -> None:
    """Tune a part as an edit says, if it says anything of that."""
    for parameter in keys_of(TUNING).values():
        if parameter.id in edit.values:
            value = parameter.check(edit.values[parameter.id], parameter.id)
            tunings.change(max(edit.part, 0), parameter.id, value)
