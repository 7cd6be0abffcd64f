"""The levels of the program's log. Modules take `logging.getLogger(__name__)`, as usual.

Nothing is written before somebody opens a log (`cli/logs.py` does): a library stays silent.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHOWN = logging.INFO + 5  # what the user is told without having asked, beside warnings

logging.addLevelName(SHOWN, "SHOWN")
_program = logging.getLogger("gansynth_live")
_program.addHandler(logging.NullHandler())


class _Teller(logging.Handler):
    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__(SHOWN)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(record.getMessage())


@contextmanager
def shown_to(say: Callable[[str], object]) -> Iterator[None]:
    """Say what this thread would show its user: where several work for users that are elsewhere."""
    mine = threading.get_ident()
    handler = _Teller(say)
    handler.addFilter(lambda record: record.thread == mine)
    if _program.getEffectiveLevel() > SHOWN:
        _program.setLevel(SHOWN)
    _program.addHandler(handler)
    try:
        yield
    finally:
        _program.removeHandler(handler)
