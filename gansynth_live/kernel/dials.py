"""The map of controllers as the callback reads it.

Each controller of each channel leads to a run of dials: what it moves, in the kernel's numbers.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from gansynth_live.errors import ConfigError
from gansynth_live.kernel.crossing import store
from gansynth_live.kernel.layout import (
    CHANNEL_NUMBERS,
    CHANNELS,
    CONTROLLERS,
    DIALS,
    MOVES_ALL,
    MOVES_CHANNEL,
    MOVES_PART,
    PART_NUMBERS,
    SETTINGS,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.settings import number_of
from gansynth_live.parameters.controllers import Binding, ControlMap, Route
from gansynth_live.parameters.row import Home

Source: TypeAlias = tuple[str, Binding]  # a parameter's id, and what moves it

NO_DIAL = -1
PLACES = {
    Home.CHANNEL: (MOVES_CHANNEL, CHANNEL_NUMBERS),
    Home.PART: (MOVES_PART, PART_NUMBERS),
    Home.MACHINE: (MOVES_ALL, SETTINGS),
}


class Dials:
    """Writes routes, dials and curves. For one thread.

    What was written is never changed, and a route is led to new dials when they are whole: so the
    callback may read while another map is written.

    Args:
        memory: of a machine whose callback does not run yet.
    """

    def __init__(self, memory: Memory, sample_rate: int) -> None:
        self._written = memory.controls[0]
        self._sample_rate = sample_rate
        self._curves: dict[Source, int] = {}
        self._runs: dict[tuple[Source, ...], int] = {(): NO_DIAL}
        self._used = 0
        self._written["routes"] = NO_DIAL
        self._written["last"] = np.nan

    def write(self, controls: ControlMap) -> None:
        """Let each controller lead to what it moves by this map.

        Raises:
            ConfigError: there are more bindings than room; nothing has changed.
        """
        routes = self._written["routes"]
        places = range(CHANNELS * CONTROLLERS)
        runs = [self._run(controls.moved_by(*divmod(place, CONTROLLERS))) for place in places]
        for place, first in zip(places, runs, strict=True):
            if routes[place] != first:
                store(routes, place, first)

    def _run(self, moved: Sequence[Route]) -> int:
        """The first dial of those that do what some routes say."""
        routes = [route for route in moved if route.parameter.home in PLACES]
        run = tuple((route.parameter.id, route.binding) for route in routes)
        if run in self._runs:
            return self._runs[run]
        if self._used + len(routes) > DIALS:
            raise ConfigError(
                f"the controllers move more than {DIALS} parameters; name fewer, or start anew"
            )
        first = self._used
        for source, route in zip(run, routes, strict=True):
            self._written["dials"][self._used] = _dial(
                route, self._curve(source, route), more=route is not routes[-1]
            )
            self._used += 1
        self._runs[run] = first
        return first

    def _curve(self, source: Source, route: Route) -> int:
        if source not in self._curves:
            number = self._curves[source] = len(self._curves)
            values = [
                number_of(route.parameter, value, self._sample_rate) for value in route.values
            ]
            self._written["curves"][number * CONTROLLERS :][:CONTROLLERS] = values
        return self._curves[source]


def _dial(route: Route, curve: int, *, more: bool) -> tuple[int, ...]:
    moves, names = PLACES[route.parameter.home]
    number = names.index(route.parameter.kernel)
    binding = route.binding
    return moves, number, curve, binding.cc, int(binding.fine), int(binding.takeover), int(more)
