"""Groups of commands: plain text, and the help where no command is named."""

from typing import Any

import typer
from typer.core import TyperGroup


class Group(TyperGroup):
    """Commands under one name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments; none at all ask for help."""
        return super().parse_args(ctx, args or ["--help"])


def group(description: str, kind: type[Group] = Group) -> typer.Typer:
    """An empty group; its `command` decorates functions."""
    return typer.Typer(
        cls=kind,
        help=description,
        add_completion=False,
        rich_markup_mode=None,  # plain help: it costs no import of a formatter
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
