"""Learns from the player's hands which controller is to move a parameter."""

from collections import deque
from collections.abc import Callable

from gansynth_live.config.midi_map import binding_of, read_midi_map, taught, write_midi_map
from gansynth_live.errors import ConfigError
from gansynth_live.kernel.events import Performed
from gansynth_live.parameters.controllers import default_bindings
from gansynth_live.parameters.moved import Moved, MovedControllers
from gansynth_live.parameters.parameter import Parameter
from gansynth_live.parameters.table import find_learnable
from gansynth_live.synth import Synth


class Learner:
    """Waits for a controller that is moved, binds it, and keeps that for later starts.

    `begin`, `end` and `forget` are for any thread; `hear` and `look` for the one that attends to
    the synth.

    Args:
        say: is told in one line what was learnt.
        learnt: is told that something was.
    """

    def __init__(
        self, synth: Synth, say: Callable[[str], None], learnt: Callable[[], None]
    ) -> None:
        self._synth = synth
        self._say = say
        self._learnt = learnt
        self._wanted: tuple[Parameter, MovedControllers] | None = None
        self._unwanted: deque[str] = deque()

    def begin(self, parameter: str) -> None:
        """Let the controller that is moved next move a parameter.

        Raises:
            ConfigError: there is no such parameter, or no controller can move it.
        """
        self._wanted = find_learnable(parameter), MovedControllers()

    def end(self) -> bool:
        """Wait no longer; False if nothing was waited for."""
        was_waiting, self._wanted = self._wanted is not None, None
        return was_waiting

    def forget(self, parameter: str) -> None:
        """Let a parameter be moved by what moves it unless something is learnt.

        Raises:
            ConfigError: there is no such parameter, or nothing was learnt for it.
        """
        name = find_learnable(parameter).id
        if name not in read_midi_map():
            raise ConfigError(f"nothing was learnt for {name}")
        self._unwanted.append(name)

    @property
    def waits(self) -> bool:
        """Whether a controller is waited for. Thread: any."""
        return self._wanted is not None

    def hear(self, event: Performed) -> None:
        """Take in a message that was performed."""
        if self._wanted is not None:
            seconds = self._synth.machine.seconds_at(event.frame)
            self._wanted[1].hear(seconds, event.status, event.data1, event.data2)

    def look(self) -> None:
        """Forget what is to be; learn, if it is clear by now what was moved."""
        while self._unwanted:
            self._forget(self._unwanted.popleft())
        if self._wanted is None:
            return
        parameter, heard = self._wanted
        if heard.are_clear(self._synth.machine.seconds_at(self._synth.frame)):
            self._wanted = None
            self._learn(parameter, heard.candidates()[0])

    def _learn(self, parameter: Parameter, moved: Moved) -> None:
        parameters, binding = self._synth.parameters, binding_of(parameter, moved)
        now = parameters.controllers
        mine = taught(read_midi_map(), now, parameter.id, binding, replaces=False)
        parameters.bind({**now, **mine})
        self._learnt()
        self._say(f"{parameter.id}: {moved}; kept in {write_midi_map(mine)}")

    def _forget(self, name: str) -> None:
        learnt = {other: several for other, several in read_midi_map().items() if other != name}
        path, parameters = write_midi_map(learnt), self._synth.parameters
        parameters.bind({**parameters.controllers, name: default_bindings().get(name, ())})
        self._learnt()
        self._say(f"{name}: forgotten in {path}")
