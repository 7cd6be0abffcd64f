"""`gansynth-live learn`: let a knob of yours move a parameter, from the next start on."""

import time
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import ConfigOption
from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.parameters.controllers import Binding, Bindings
    from gansynth_live.parameters.moved import Moved


def learn(
    parameter: Annotated[
        str | None, typer.Argument(metavar="PARAMETER", help="Such as voice.brightness.")
    ] = None,
    cc: Annotated[
        int | None, typer.Option(min=0, max=119, metavar="N", help="This one; none is waited for.")
    ] = None,
    channel: Annotated[
        int | None,
        typer.Option(min=0, max=16, metavar="N", help="1..16, 0 any; default: as heard."),
    ] = None,
    low: Annotated[float | None, typer.Option(metavar="X", help="Value at its lowest.")] = None,
    high: Annotated[float | None, typer.Option(metavar="X", help="And at its highest.")] = None,
    jump: Annotated[
        bool, typer.Option("--jump", help="Count at once, not from where it meets the value.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let it move nothing else any more.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget what was learnt for PARAMETER.")
    ] = False,
    midi_in: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Listen to this input only; repeatable."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, metavar="N", help="Wait so long for the controller.")
    ] = 60.0,
    config: ConfigOption = None,
) -> None:
    """Let a controller move a parameter: name it, then turn the knob to and fro.

    Without PARAMETER: list what was learnt. It counts from the next start of `play` on; while
    `play` plays, type `learn PARAMETER` there, and it counts at once.
    """
    from gansynth_live.config import load_config
    from gansynth_live.config.midi_map import binding_of, read_midi_map, taught, write_midi_map
    from gansynth_live.parameters.moved import Moved
    from gansynth_live.parameters.table import find_learnable

    learnt = read_midi_map()
    if parameter is None:
        _list(learnt)
        return
    found = find_learnable(parameter)
    if forget:
        if found.id not in learnt:
            raise UsageError(f"nothing was learnt for {found.id}")
        path = write_midi_map({name: b for name, b in learnt.items() if name != found.id})
        typer.echo(f"{found.id}: forgotten in {path}")
        return
    moved = _moved(midi_in, seconds) if cc is None else Moved(channel or 0, cc, 0, fine=False)
    if channel is not None:
        moved = moved._replace(channel=channel)
    binding = binding_of(found, moved, low=low, high=high, jumps=jump)
    now = load_config(config).controllers
    path = write_midi_map(taught(learnt, now, found.id, binding, replaces=replace))
    typer.echo(f"{found.id}: {moved}; kept in {path}")


def _moved(wanted: list[str] | None, seconds: float) -> "Moved":
    """The controller that is moved now; the others that were are told."""
    from gansynth_live.drivers.midi_api import open_midi_api
    from gansynth_live.drivers.midi_tap import MidiTap
    from gansynth_live.parameters.moved import MovedControllers

    heard = MovedControllers()
    with closing(MidiTap(open_midi_api(), wanted)) as tap:
        typer.echo(f"turn it to and fro ({', '.join(tap.names)})", err=True)
        for token in tap.messages(seconds):
            now = time.monotonic()
            if token is not None:
                heard.hear(now, *token[:3])
            elif heard.are_clear(now):
                first, *others = heard.candidates()
                for other in others:
                    typer.echo(f"moved too: {other}", err=True)
                return first
    raise UsageError(f"no controller was moved in {seconds:g} s; or give its number with --cc")


def _list(learnt: "Bindings") -> None:
    for name, several in sorted(learnt.items()):
        typer.echo(f"{name}: {', '.join(map(_shown, several)) or 'nothing'}")
    if not learnt:
        typer.echo("nothing was learnt yet", err=True)


def _shown(binding: "Binding") -> str:
    where = f" on channel {binding.channel}" if binding.channel else ""
    return f"CC {binding.cc}{where}"
