"""The options --osc and --osc-send: a playing session, as OSC clients reach it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.remote import Remote

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


@contextmanager
def osc_served(
    remote: "Remote", listen: str | None, send_to: str | None, say: Callable[[str], None]
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
    with OscServer(Surface(remote), parse_address(listen), to, say) as server:
        remote.subscribe(server.changed)
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
