"""The commands by name. A command's module is imported when it is asked for.

The module `cli/NAME.py` holds either a function NAME (one command) or a Typer `app` (a group of
commands). Heavy imports stand inside the functions: `--help` imports every module here.
"""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from gansynth_live import __version__
from gansynth_live.cli.group import Group, group
from gansynth_live.cli.logs import be_verbose

COMMANDS = (
    *("play", "demo", "render", "note", "instruments", "presets", "takes", "learn"),
    *("model", "train", "devices", "doctor", "bench"),
)


class CommandsByName(Group):
    """Finds commands in the modules beside this one."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """The command, loaded; None if there is none."""
        # A mistyped name is compared with all commands, so then all are loaded.
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = _load(name)
        return super().get_command(ctx, cmd_name)  # type: ignore[return-value]


app = group(
    "GANSynth as a playable instrument: MIDI in, morphing neural notes out, live and offline.",
    CommandsByName,
)


def _load(name: str) -> TyperCommand | TyperGroup:
    module = import_module(f"gansynth_live.cli.{name}")
    commands = getattr(module, "app", None)
    if commands is None:
        commands = typer.Typer(add_completion=False, rich_markup_mode=None)
        commands.command(name)(getattr(module, name))
    command: TyperCommand | TyperGroup = get_command(commands)  # type: ignore[assignment]
    command.name = name
    return command


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"gansynth-live {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Say and log everything, for finding faults.")
    ] = False,
) -> None:
    """What the program itself is asked."""
    if verbose:
        be_verbose()
