"""Changes of a playing synth that can be taken back: sets, loads, and a look at what was before."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

from gansynth_live.instrument import Instrument
from gansynth_live.latent.knobs import CHOICE, makes_a_choice
from gansynth_live.parameters.parameter import Value
from gansynth_live.patch import Patch
from gansynth_live.patch_state import EVERY_PART
from gansynth_live.presets.preset import MadeFor, Preset, preset_of
from gansynth_live.presets.settings import lend_instruments
from gansynth_live.synth import Synth

MOST_STEPS = 200
GESTURE_SECONDS = 0.3  # between two changes of one parameter that are one step


Edited: TypeAlias = Callable[[int, Mapping[str, Value]], None]


def nobody(_part: int, _values: Mapping[str, Value]) -> None:
    """Is told nothing."""


@dataclass(frozen=True)
class Turn:
    """Parameters of a part were turned together."""

    part: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    at: float  # when last


@dataclass(frozen=True)
class Load:
    """A patch took the place of another."""

    before: Patch
    after: Patch


class Editor:
    """What people change of a synth by other ways than MIDI. For any thread.

    What controllers move is no step: a wheel would fill the history.

    Args:
        edited: is told what was changed of a part, or of all.
    """

    def __init__(
        self,
        synth: Synth,
        instrument: Instrument,
        clock: Callable[[], float] = time.monotonic,
        edited: Edited = nobody,
    ) -> None:
        self._synth = synth
        self._instrument = instrument
        self._clock = clock
        self._edited = edited
        self._lock = Lock()
        self._done: list[Turn | Load] = []
        self._undone: list[Turn | Load] = []
        self._stored = synth.patch()
        self._aside: Patch | None = None  # the edited one, while the stored one sounds

    def set(self, part: int, parameter: str, value: Value) -> None:
        """Change a parameter (see `PatchState.set`); a step."""
        self.turn(part, {parameter: value})

    def turn(self, part: int, values: Mapping[str, Value]) -> None:
        """Change parameters together (see `PatchState.turn`); a step.

        The same ones again within `GESTURE_SECONDS` are the same step.
        """
        with self._lock:
            parameters, now = self._synth.parameters, self._clock()
            choice = CHOICE if any(map(makes_a_choice, values)) else ()  # to be led again as before
            before = {name: parameters.value(part, name) for name in (*values, *choice)}
            self._turn(part, values)
            step = Turn(part, before, dict(values), now)
            last = self._done[-1] if self._done and not self._undone else None
            if isinstance(last, Turn) and self._is_one_gesture(last, step):
                self._done.pop()
                step = replace(step, before=last.before)
            self._add(step)

    def load(self, preset: Preset, parts: Sequence[int] = (0,)) -> None:
        """Play a preset from now on; a step.

        Args:
            parts: that play it, if it has one part and the synth several. What all parts share
                then stays as it is.

        Raises:
            ConfigError: it has several parts, and others than the synth.
            UsageError: the model has not all of its instruments.
        """
        with self._lock:
            lend_instruments(preset, self._instrument.bundle, self._instrument.library)
            before = self._synth.patch()
            after = preset.patch
            if len(preset.parts) == 1 and len(before.parts) > 1:
                every = [preset.parts[0] if n in parts else p for n, p in enumerate(before.parts)]
                after = Patch(before.all, tuple(every))
                for number in parts:
                    self._synth.parameters.load_part(number, preset.parts[0])
                    self._edited(number, preset.parts[0])
            else:
                self._load(after)
            self._add(Load(before, after))
            self._stored, self._aside = after, None

    def undo(self) -> bool:
        """Take the last step back; False: there is none."""
        with self._lock:
            if not self._done:
                return False
            step = self._done.pop()
            self._undone.append(step)
            if isinstance(step, Turn):
                self._turn(step.part, step.before)
            else:
                self._load(step.before)
            return True

    def redo(self) -> bool:
        """Do the step again that was taken back last; False: there is none."""
        with self._lock:
            if not self._undone:
                return False
            step = self._undone.pop()
            self._done.append(step)
            if isinstance(step, Turn):
                self._turn(step.part, step.after)
            else:
                self._load(step.after)
            return True

    def compare(self) -> bool:
        """Change between what was loaded last and what has become of it; True: the former plays."""
        with self._lock:
            if self._aside is None:
                self._aside = self._synth.patch()
                self._load(self._stored)
                return True
            self._load(self._aside)
            self._aside = None
            return False

    def preset(self, name: str) -> Preset:
        """What plays now, as a preset.

        Raises:
            UsageError: it cannot have that name.
        """
        bundle, library = self._instrument.bundle, self._instrument.library
        made_for = MadeFor(bundle.spec.name, bundle.digest)
        return preset_of(self._synth.patch(), library, made_for, name)

    def _turn(self, part: int, values: Mapping[str, Value]) -> None:
        self._synth.parameters.turn(part, values)
        self._edited(part, values)

    def _load(self, patch: Patch) -> None:
        self._synth.load(patch)
        self._edited(EVERY_PART, patch.all)
        for number, values in enumerate(patch.parts):
            self._edited(number, values)

    @staticmethod
    def _is_one_gesture(last: Turn, step: Turn) -> bool:
        same = (last.part, last.after.keys()) == (step.part, step.after.keys())
        return same and step.at - last.at <= GESTURE_SECONDS

    def _add(self, step: Turn | Load) -> None:
        self._undone.clear()
        self._done.append(step)
        del self._done[:-MOST_STEPS]
