"""How far something long has come: told to whoever shows it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

# Given what is done and how many units of it there are: a context that is called with units done.
Progress: TypeAlias = Callable[[str, float], AbstractContextManager[Callable[[float], None]]]


@contextmanager
def unseen(_what: str, _total: float) -> Iterator[Callable[[float], None]]:
    """Nobody looks."""
    yield lambda _units: None
