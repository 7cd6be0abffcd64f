"""The options of the panel: a playing session in a browser."""

import logging
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.log import SHOWN

if TYPE_CHECKING:
    from gansynth_live.kernel.events import Performed
    from gansynth_live.remote import Remote

HERE = "127.0.0.1"

PanelOption: TypeAlias = Annotated[
    bool | None,
    typer.Option("--panel/--no-panel", help="Open the panel in a browser; or serve none."),
]
PanelHostOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Serve the panel at this address of the computer, for a tablet; not encrypted.",
    ),
]
PanelPortOption: TypeAlias = Annotated[
    int, typer.Option(min=0, max=65535, metavar="N", help="Port of the panel; 0: a free one.")
]

log = logging.getLogger("gansynth_live")


class ToPanel(logging.Handler):
    """What the user is told, told to the panel too."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        """Tell it to `say`, as lines of the kind "log"."""
        super().__init__(SHOWN)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one line."""
        self._say("log", record.getMessage())


@contextmanager
def panel_served(
    remote: "Remote", opens: bool | None, host: str | None, port: int, say: Callable[[str], None]
) -> Iterator[None]:
    """Serve the panel while the context lasts, unless it is not wanted; print its link.

    Args:
        opens: whether a browser is to open it; False: there is none.
        host: where it listens; None: for this computer alone.

    Raises:
        UsageError: nobody can listen there.
    """
    if opens is False:
        yield
        return
    from gansynth_live.midi.wording import in_words
    from gansynth_live.panel.server import PanelServer

    with PanelServer(remote, host or HERE, port, say) as server:
        feed = server.feed

        def hear(event: "Performed") -> None:
            if line := in_words(event.status, event.data1, event.data2):
                feed.say("midi", line)

        handler = ToPanel(feed.say)
        remote.subscribe(feed.change)
        remote.listen(hear)
        log.addHandler(handler)
        try:
            _announce(server.link, is_far=host is not None)
            if opens:
                webbrowser.open(server.link)
            yield
        finally:
            log.removeHandler(handler)


def _announce(link: str, *, is_far: bool) -> None:
    """Print the link, which no log may hold: whoever has it may play."""
    if is_far:
        import segno

        typer.echo("panel: whoever is in this network can read what is sent to it", err=True)
        segno.make(link).terminal(sys.stderr, compact=True)
    typer.echo(f"panel: {link}", err=True)
