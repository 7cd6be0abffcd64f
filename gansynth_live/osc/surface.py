"""What the addresses mean: every parameter by its id, notes, presets, panic.

`/gansynth/voice/attack 0.5` sets a parameter of the first part, `/gansynth/part/2/voice/attack 0.5`
of the second; without an argument it asks. Values are in the parameter's own unit.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from gansynth_live.midi import messages
from gansynth_live.osc.packet import Argument, Message, OscError
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import find
from gansynth_live.patch import Patch

ROOT = "/gansynth"
PART = "part"
HIGHEST = 127


class Playing(Protocol):
    """What plays, as the surface needs it."""

    def send(self, status: int, data1: int = 0, data2: int = 0) -> bool: ...
    def panic(self) -> None: ...
    def value(self, part: int, parameter: str) -> Value: ...
    def set(self, part: int, parameter: str, value: Value) -> None: ...
    def patch(self) -> Patch: ...
    def load(self, name: str) -> str: ...
    def keep(self) -> None: ...
    def undo(self) -> bool: ...
    def redo(self) -> bool: ...


class Surface:
    """Obeys messages, and answers questions."""

    def __init__(self, playing: Playing) -> None:
        self._playing = playing
        self._actions: dict[str, Callable[[Sequence[Argument]], Iterator[Message] | None]] = {
            "note": self._note_on,
            "note/off": self._note_off,
            "cc": self._control,
            "bend": self._bend,
            "program": self._program,
            "preset": self._preset,
            "all": self._all,
            "panic": lambda _: self._playing.panic(),
            "keep": lambda _: self._playing.keep(),
            "undo": lambda _: self._moved(self._playing.undo()),
            "redo": lambda _: self._moved(self._playing.redo()),
        }

    def obey(self, message: Message) -> list[Message]:
        """Do what a message says; the answers to its sender.

        Raises:
            GansynthError: there is no such address or parameter, or it cannot be that.
        """
        root, _, path = message.address[1:].partition("/")
        if f"/{root}" != ROOT or not path:
            raise OscError(f"{message.address!r:.60} does not begin with {ROOT}/")
        if action := self._actions.get(path):
            return list(action(message.arguments) or ())
        return self._parameter(path, message)

    def _parameter(self, path: str, message: Message) -> list[Message]:
        pieces = path.split("/")
        part = 0
        if pieces[0] == PART and len(pieces) > 2 and pieces[1].isdecimal():
            part, pieces = int(pieces[1][:4]) - 1, pieces[2:]
        parameter = find(".".join(pieces))
        if not message.arguments:
            answer = self._playing.value(max(part, 0), parameter.id)
            return [Message(message.address, arguments_of(answer))]
        value: Value = message.arguments
        if not isinstance(parameter.default, tuple):
            [value] = _some(message.arguments, 1)
        if isinstance(parameter.default, float) and isinstance(value, int):
            value = float(value)
        if isinstance(parameter.default, int) and isinstance(value, float) and value.is_integer():
            value = int(value)
        self._playing.set(part, parameter.id, value)
        return []

    def _note_on(self, arguments: Sequence[Argument]) -> None:
        key, velocity, *channel = _some(arguments, 2, 3)
        self._send(messages.NOTE_ON, channel, key, velocity)

    def _note_off(self, arguments: Sequence[Argument]) -> None:
        key, *channel = _some(arguments, 1, 2)
        self._send(messages.NOTE_OFF, channel, key, 0)

    def _control(self, arguments: Sequence[Argument]) -> None:
        number, value, *channel = _some(arguments, 2, 3)
        self._send(messages.CONTROL_CHANGE, channel, number, value)

    def _program(self, arguments: Sequence[Argument]) -> None:
        number, *channel = _some(arguments, 1, 2)
        self._send(messages.PROGRAM_CHANGE, channel, number, 0)

    def _bend(self, arguments: Sequence[Argument]) -> None:
        turn, *channel = _some(arguments, 1, 2)
        if not isinstance(turn, int | float) or not -1.0 <= turn <= 1.0:
            raise OscError(f"bend {turn!r:.20}: -1 to 1")
        place = min(round(8192 + 8192 * turn), 16383)
        self._send(messages.PITCH_BEND, channel, place & 0x7F, place >> 7)

    def _preset(self, arguments: Sequence[Argument]) -> Iterator[Message]:
        [name] = _some(arguments, 1)
        yield Message(f"{ROOT}/preset", (self._playing.load(str(name)),))

    def _all(self, _: Sequence[Argument]) -> Iterator[Message]:
        patch = self._playing.patch()
        for name, value in patch.all.items():
            yield message_of(-1, name, value)
        for part, values in enumerate(patch.parts):
            for name, value in values.items():
                yield message_of(part, name, value)

    def _moved(self, has: bool) -> Iterator[Message] | None:
        if not has:
            raise OscError("there is nothing to undo or to do again")
        return None

    def _send(
        self, kind: int, channel: Sequence[Argument], first: Argument, second: Argument
    ) -> None:
        data = [_whole(number, 0, HIGHEST) for number in (first, second)]
        [to] = channel or (1,)
        self._playing.send(kind | _whole(to, 1, 16) - 1, *data)


def message_of(part: int, parameter: str, value: Value) -> Message:
    """How a value is told: of a part, or of all."""
    shared = part < 0 or find(parameter).home is Home.MACHINE
    of = "" if shared else f"/{PART}/{part + 1}"
    return Message(f"{ROOT}{of}/{parameter.replace('.', '/')}", arguments_of(value))


def arguments_of(value: Value) -> tuple[Argument, ...]:
    """A value as arguments: of a table, names and values in turn."""
    if isinstance(value, dict):
        return tuple(piece for entry in value.items() for piece in entry)
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _some(arguments: Sequence[Argument], least: int, most: int = 0) -> Sequence[Argument]:
    if not least <= len(arguments) <= max(least, most):
        raise OscError(f"{len(arguments)} arguments where {least} to {max(least, most)} are wanted")
    return arguments


def _whole(number: Argument, low: int, high: int) -> int:
    if isinstance(number, str) or not low <= number <= high:
        raise OscError(f"{number!r:.20}: a number from {low} to {high} is wanted")
    return round(number)
