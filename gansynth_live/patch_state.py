"""The patch as it is now: it can be read, loaded and changed, and changes are told."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from msgspec import structs

from gansynth_live.config import Config, control_map, values_of, with_values
from gansynth_live.errors import ConfigError
from gansynth_live.faults import Faults
from gansynth_live.instrument import make_controls
from gansynth_live.kernel.events import Performed
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.foresight import Foresight
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.listener import Listener
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE, RESET
from gansynth_live.parameters.controllers import Bindings, ControlReader
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import DIRECTIONS, PARAMETERS, find
from gansynth_live.parts import PartPlan
from gansynth_live.patch import KEYS, Patch, is_of_a_part

OF_PARTS = [each for each in PARAMETERS.values() if is_of_a_part(each)]
MOVED = (Home.PART, Home.MACHINE)  # by controllers; the listeners read those of morph and motion
EVERY_PART = -1  # in place of a number, for what all parts share

# Told of a change: number of the part or EVERY_PART, parameter, value.
Changed: TypeAlias = Callable[[int, str, Value], None]


class PatchState:
    """Parameters of a playing instrument, by part and id.

    `set` and `load` are for any thread; what they ask of the morph controls is done by the thread
    that calls `attend`, which also tells everybody of all changes, those of controllers among them.

    Args:
        config: the settings that the parts were made from.
        plans: of each part.
        library: the instruments.
        machine: plays them.
        listeners: of each part one.
        faults: a subscriber that fails takes no other one with it.
    """

    def __init__(
        self,
        config: Config,
        plans: Sequence[PartPlan],
        library: Library,
        machine: Machine,
        listeners: Sequence[Listener],
        faults: Faults,
    ) -> None:
        self._config = config
        self._library = library
        self._machine = machine
        self._listeners = listeners
        self._faults = faults
        self._subscribers: list[Changed] = []
        # Of the morph controls; with no values they are made anew.
        self._wanted: deque[tuple[int, Mapping[str, Value]]] = deque()
        self._given = _given(config, plans)  # by part and id; controllers move `_now`
        self._now = dict(self._given)
        self._readers = self._made_readers()
        self._told = self._snapshot()
        self._is_news = False

    def subscribe(self, changed: Changed) -> None:
        """Let `changed` be told every change from now on, by the thread that calls `attend`."""
        self._subscribers.append(changed)

    def value(self, part: int, parameter: str) -> Value:
        """What a parameter is now: of a part, or of all.

        Raises:
            ConfigError: there is no such parameter.
        """
        found = find(parameter)
        if found.home is Home.MORPH:
            return self._listeners[part].value(parameter)
        return self._now.get((_owner(found, part), parameter), found.default)

    def set(self, part: int, parameter: str, value: Value) -> None:
        """Change a parameter, from now on (see `turn`)."""
        self.turn(part, {parameter: value})

    def turn(self, part: int, values: Mapping[str, Value]) -> None:
        """Change parameters together, from now on; nothing changes if one is refused.

        Args:
            part: whose; not minded for what all parts share.
            values: by parameter id, each in its own unit.

        Raises:
            ConfigError: there is no such part or parameter, it cannot change now, or not to that.
            UsageError: the library has no instrument of that name.
        """
        self._require_part(part)
        checked = {}
        for name, value in values.items():
            found = find(name)
            self._require_changeable(found)
            checked[name] = self._checked(found, value)
        self._change(part, checked)

    def read(self) -> Patch:
        """The patch as it is now."""
        return Patch(
            {name: self.value(0, name) for name in _ids(Home.MACHINE)},
            tuple(
                {each.id: self.value(number, each.id) for each in OF_PARTS}
                for number in range(len(self._listeners))
            ),
        )

    def load(self, patch: Patch) -> None:
        """Be as a patch says, from now on; nothing changes if that is refused.

        Raises:
            ConfigError: it has another number of parts, or other keys play them.
            UsageError: the library has not all of its instruments.
        """
        if len(patch.parts) != len(self._listeners):
            raise ConfigError(
                f"the patch has {len(patch.parts)} parts and here are {len(self._listeners)};"
                " start anew with as many"
            )
        wanted = [self._wanted_of(number, values) for number, values in enumerate(patch.parts)]
        for name in _ids(Home.MACHINE):
            self._change(0, {name: patch.all.get(name, PARAMETERS[name].default)})
        for number, values in enumerate(wanted):
            self._change(number, values)

    def load_part(self, part: int, values: Mapping[str, Value]) -> None:
        """Let one part be as a patch says of its only one (see `load`)."""
        self._require_part(part)
        self._change(part, self._wanted_of(part, values))

    @property
    def controllers(self) -> Bindings:
        """Which controllers move what."""
        return self._config.controllers

    def bind(self, controllers: Bindings) -> None:
        """Let controllers move other parameters, from now on.

        Raises:
            ConfigError: there is no room for more; nothing has changed.
            UsageError: the model has no such direction; nothing has changed.
        """
        config = structs.replace(self._config, controllers=controllers)
        controls = control_map(config)
        for direction in controls.directions:
            self._library.direction(direction)
        self._machine.bind(controls)
        self._config = config
        self._readers = self._made_readers()
        self._wanted.extend((number, {}) for number in range(len(self._listeners)))

    def hear(self, event: Performed) -> None:
        """Take in a message that was performed: controllers change the patch too."""
        kind = event.status & 0xF0
        self._is_news |= event.status == RESET or kind in (CONTROL_CHANGE, PROGRAM_CHANGE)
        if event.status == RESET:
            self._now = dict(self._given)
        if kind != CONTROL_CHANGE:
            return
        for number, listener in enumerate(self._listeners):
            if not listener.part.hears(event.status):
                continue
            reader = self._readers[number]
            for found, value in reader.hear(event.status & 0x0F, event.data1, event.data2):
                self._now[_owner(found, number), found.id] = value

    def attend(self, frame: int) -> None:
        """Bring the morph controls to what was asked for, then tell what has changed."""
        while self._wanted:
            part, values = self._wanted.popleft()
            with self._faults:
                self._turn(self._listeners[part], frame, values)
        if not self._is_news:
            return
        self._is_news = False
        before, self._told = self._told, self._snapshot()
        for (part, parameter), value in self._told.items():
            if before.get((part, parameter)) != value:
                for changed in self._subscribers:
                    with self._faults:
                        changed(part, parameter, value)

    def _change(self, part: int, values: Mapping[str, Value]) -> None:
        morph = {}
        for name, value in values.items():
            found = find(name)
            if found.home is Home.MORPH:
                morph[name] = value
                continue
            key = _owner(found, part), name
            self._given[key] = self._now[key] = value
            self._machine.change(found, value, part)
        if morph:
            self._wanted.append((part, morph))
        self._is_news = True
        self._machine.wake()

    def _turn(self, listener: Listener, frame: int, values: Mapping[str, Value]) -> None:
        """Move knobs where that does; else make the controls anew with other settings."""
        if values and all(listener.can_move(name) for name in values):
            for name, value in values.items():
                listener.set(frame, name, value)
            return
        whole = dict(listener.values)
        for name, value in values.items():
            if name.startswith(f"{DIRECTIONS}."):
                direction = name.removeprefix(f"{DIRECTIONS}.")
                whole[DIRECTIONS] = {**whole[DIRECTIONS], direction: value}
            elif name in whole:
                whole[name] = value
        config = with_values(self._config, whole)
        path = MorphPath(config.morph.instruments)

        def controls() -> MorphControls:
            return make_controls(config, path, self._library)

        listener.exchange(controls(), Foresight(controls()))

    def _made_readers(self) -> list[ControlReader]:
        controls, parts = control_map(self._config), range(len(self._listeners))
        return [ControlReader(controls, MOVED, partial(self.value, number)) for number in parts]

    def _wanted_of(self, part: int, values: Mapping[str, Value]) -> dict[str, Value]:
        """All that a patch says of a part, defaults included."""
        for key in KEYS:
            now = self.value(part, key)
            if values.get(key, now) != now:
                raise ConfigError(f"{key} of part {part + 1} is another: set it before the start")
        return {
            each.id: self._checked(each, values.get(each.id, each.default))
            for each in OF_PARTS
            if each.id not in KEYS
        }

    def _checked(self, parameter: Parameter, value: Value) -> Value:
        value = parameter.check(value, parameter.id)
        if parameter.id in ("morph.instruments", "motion.orbit"):
            return self._library.known(value)
        if parameter.id == "morph.program" and value:
            self._library.known([value])
        directions = value if parameter.id == DIRECTIONS else ()
        if parameter.id.startswith(f"{DIRECTIONS}."):
            directions = (parameter.id.removeprefix(f"{DIRECTIONS}."),)
        for direction in directions:
            self._library.direction(direction)
        return value

    def _require_part(self, part: int) -> None:
        if not 0 <= part < len(self._listeners):
            raise ConfigError(f"there is no part {part + 1}; there are {len(self._listeners)}")

    def _require_changeable(self, parameter: Parameter) -> None:
        name = parameter.id
        if parameter.home is Home.SET_UP:
            raise ConfigError(f"{name} belongs to the set-up: it counts from the next start on")
        if parameter.home is Home.CHANNEL:
            raise ConfigError(f"{name} is the channel's: send it a control change")
        if name in KEYS or name == "part.instruments":
            raise ConfigError(f"{name} says how a part is made: set it before the start")

    def _snapshot(self) -> dict[tuple[int, str], Value]:
        morphs = {
            (number, name): value
            for number, listener in enumerate(self._listeners)
            for name, value in listener.values.items()
        }
        return {**self._now, **morphs}


def _given(config: Config, plans: Sequence[PartPlan]) -> dict[tuple[int, str], Any]:
    values = values_of(config)
    given = {(EVERY_PART, name): values[name] for name in _ids(Home.MACHINE)}
    for number, plan in enumerate(plans):
        own, keys = plan.settings.values, plan.settings
        for name in _ids(Home.PART, Home.PLACE):
            given[number, name] = own.get(name, values.get(name, PARAMETERS[name].default))
        given[number, "part.channels"] = keys.channels
        for key in ("low", "high", "transpose"):
            given[number, f"part.{key}"] = getattr(keys, key)
    return given


def _ids(*homes: Home) -> list[str]:
    return [name for name, each in PARAMETERS.items() if each.home in homes]


def _owner(parameter: Parameter, part: int) -> int:
    return EVERY_PART if parameter.home is Home.MACHINE else part
