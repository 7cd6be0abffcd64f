"""The options --osc and --osc-send: a playing session, as OSC clients reach it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.cli.preset_option import wanted_preset
from gansynth_live.errors import UsageError
from gansynth_live.patch import Patch

if TYPE_CHECKING:
    from gansynth_live.session import Session

PORT = "9000"

OscOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--osc",
        metavar="[HOST:]PORT",
        help="Listen to OSC there; without a host, from this computer alone.",
    ),
]
OscSendOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--osc-send", metavar="[HOST:]PORT", help="Tell every change there by OSC."),
]


class OscPlaying:
    """A session as `Surface` needs it."""

    def __init__(self, session: "Session", say: Callable[[str], None]) -> None:
        self._session = session
        self._say = say
        self.send = session.synth.send
        self.panic = session.synth.panic
        self.value = session.synth.parameters.value
        self.set = session.editor.set
        self.undo = session.editor.undo
        self.redo = session.editor.redo

    def patch(self) -> Patch:
        """What plays now."""
        return self._session.synth.patch()

    def load(self, name: str) -> None:
        """Play a preset by name or code; no file: whoever sends need not know which there are."""
        from gansynth_live.presets.file import SUFFIX

        if name.endswith(SUFFIX):
            raise UsageError("by OSC presets have a name or a code, not a file")
        preset = wanted_preset(name)
        if preset is not None:
            self._session.editor.load(preset)

    def keep(self) -> None:
        """Keep what was just played."""
        from gansynth_live.takes.keeping import keep

        keep(self._session.takes, self._say)


@contextmanager
def osc_served(
    session: "Session", listen: str | None, send_to: str | None, say: Callable[[str], None]
) -> Iterator[None]:
    """Serve OSC while the context lasts, if it is wanted.

    Raises:
        UsageError: an address is none, or nobody can listen there.
    """
    if listen is None:
        if send_to is not None:
            raise UsageError("--osc-send needs --osc: say where to listen too")
        yield
        return
    from gansynth_live.osc.server import OscServer, parse_address
    from gansynth_live.osc.surface import Surface

    to = None if send_to is None else parse_address(send_to)
    with OscServer(Surface(OscPlaying(session, say)), parse_address(listen), to, say) as server:
        session.synth.parameters.subscribe(server.changed)
        yield


def load_by_osc(name: str, address: str, seconds: float = 2.0) -> str:
    """Ask an instrument that plays to load a preset; what it answers.

    Raises:
        UsageError: nobody answers, or it refuses.
    """
    from gansynth_live.osc.client import ask
    from gansynth_live.osc.packet import Message
    from gansynth_live.osc.server import parse_address

    answer = ask(parse_address(address), Message("/gansynth/preset", (name,)), seconds)
    if answer is None:
        raise UsageError(f"nobody answers at {address}; start it with play --osc {PORT}")
    if answer.address == "/gansynth/error":
        raise UsageError(str(answer.arguments[0]))
    return str(answer.arguments[0])
