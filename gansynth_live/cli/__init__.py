"""The command line. One file per command; a command's module is imported when it is asked for.

The module `cli/NAME.py` holds either a function NAME (one command) or a Typer `app` (a group of
commands). Heavy imports stand inside the functions: `--help` imports every module here.
"""

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from gansynth_live import __version__
from gansynth_live.errors import GansynthError

PROGRAM = "gansynth-live"
COMMANDS = (
    *("play", "demo", "render", "note", "instruments"),
    *("model", "train", "devices", "doctor", "bench"),
)
USER_ERROR = 2
INTERRUPTED = 130  # as shells say of a process that Ctrl-C ended


class CommandsByName(TyperGroup):
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


app = typer.Typer(
    cls=CommandsByName,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it costs no import of a formatter
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main() -> None:
    """Run the program and exit: 0, 2 for a user's mistake, 130 after Ctrl-C."""
    try:
        app(prog_name=PROGRAM)
    except GansynthError as error:
        typer.echo(f"{PROGRAM}: error: {error}", err=True)
        sys.exit(USER_ERROR)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        _let_the_reader_go()


def _load(name: str) -> TyperCommand | TyperGroup:
    module = import_module(f"{__name__}.{name}")
    group = getattr(module, "app", None)
    if group is None:
        group = typer.Typer(add_completion=False, rich_markup_mode=None)
        group.command(name)(getattr(module, name))
    command: TyperCommand | TyperGroup = get_command(group)  # type: ignore[assignment]
    command.name = name
    return command


def _let_the_reader_go() -> None:
    # `gansynth-live instruments | head -1` closes our output early: nobody is left to tell.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """GANSynth as a playable instrument: MIDI in, morphing neural notes out, live and offline."""
