"""The map of controllers: which of them moves which parameter, between which values.

It stands in front of all that listens to controllers: nobody else knows a number of one. It is
data; the kernel compiles its own part of it (`kernel/dials.py`), the rest is read in Python.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, TypeAlias

from msgspec import Meta, Struct

from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Curve, Home
from gansynth_live.parameters.scale import Scale
from gansynth_live.parameters.table import PARAMETERS, find

HIGHEST = 127
CENTRE = 64
FIRST_FINE, COARSE = 32, 32  # controllers 32..63 are the fine halves of 0..31
ALL_CHANNELS = 0
# Banks, registered parameters, the key that a glide starts from; 120.. are modes.
NOT_FOR_USE = (0, 6, 32, 38, 84, 98, 99, 100, 101)
LAST = 119
PEDALS = ("channel.sustain", "channel.sostenuto", "channel.soft")


class Binding(Struct, frozen=True, forbid_unknown_fields=True):
    """A controller that moves a parameter.

    Attributes:
        cc: its number.
        channel: 1..16; 0: any. Where a channel has its own bindings of a controller, no others
            of it count there.
        low: value at its lowest place; None: the parameter's own.
        high: value at its highest.
        curve: between them; "": the parameter's own.
        fine: whether the controller 32 above it adds 7 more bits.
        takeover: whether it counts only once it has met the value that there is.
    """

    cc: Annotated[int, Meta(ge=0, le=LAST)]
    channel: Annotated[int, Meta(ge=0, le=16)] = ALL_CHANNELS
    low: float | None = None
    high: float | None = None
    curve: Literal["", "linear", "log", "cubic"] = ""
    fine: bool = False
    takeover: bool = False


Bindings: TypeAlias = Mapping[str, tuple[Binding, ...]]


class Route(NamedTuple):
    """What one controller does to one parameter; `values` [128] of its coarse half."""

    parameter: Parameter
    binding: Binding
    values: tuple[Value, ...]

    @classmethod
    def of(cls, parameter: Parameter, binding: Binding) -> "Route":
        """The route of a binding, along the parameter's own curve unless it says else."""
        return cls(parameter, binding, tuple(_values(parameter, binding)))

    def value(self, coarse: int, fine: int) -> Value:
        """The value at a place; `fine` counts where the binding has it."""
        if not (self.binding.fine and isinstance(self.values[0], float)):
            return self.values[coarse]
        place = (coarse << 7 | fine) * HIGHEST / ((HIGHEST << 7) | HIGHEST)
        low = int(place)
        high = min(low + 1, HIGHEST)
        return self.values[low] + (self.values[high] - self.values[low]) * (place - low)


class ControlMap:
    """All bindings, found by channel and controller.

    Args:
        bindings: of each parameter, by its id.
        half_pedal: whether the sustain pedal is continuous, no switch.
        invert_pedals: whether pedals are down at 0.
    """

    def __init__(
        self, bindings: Bindings, *, half_pedal: bool = False, invert_pedals: bool = False
    ) -> None:
        self._half_pedal = half_pedal
        self._invert_pedals = invert_pedals
        self.groups: dict[tuple[int, int], list[Route]] = {}  # by channel and number
        for name, several in bindings.items():
            for binding in several:
                place = binding.channel, binding.cc
                self.groups.setdefault(place, []).append(self._route(find(name), binding))

    def moved_by(self, channel: int, number: int) -> list[Route]:
        """What a controller moves on a channel 0..15, whole or with its fine half."""
        group = self._group(channel, number)
        if number >= FIRST_FINE:
            coarse = self._group(channel, number - COARSE)
            group = [*group, *(route for route in coarse if route.binding.fine)]
        return group

    @cached_property
    def directions(self) -> tuple[str, ...]:
        """The model's directions that it moves."""
        prefix = "morph.directions."
        names = (route.parameter.id for group in self.groups.values() for route in group)
        return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    def _group(self, channel: int, number: int) -> list[Route]:
        own = self.groups.get((channel + 1, number))
        return own if own is not None else self.groups.get((ALL_CHANNELS, number), [])

    def _route(self, parameter: Parameter, binding: Binding) -> Route:
        route = Route.of(parameter, binding)
        if parameter.id == "channel.sustain" and not self._half_pedal:
            switch = tuple(float(number >= CENTRE) for number in range(HIGHEST + 1))
            route = route._replace(values=switch)
        if parameter.id in PEDALS and self._invert_pedals:
            route = route._replace(values=route.values[::-1])
        return route


class ControlReader:
    """Reads control changes as changes of parameters. For one thread.

    Args:
        controls: which controller moves what.
        homes: where the parameters live that it reads changes of.
        current: the value of one of them by its id, for those that wait to be met.
    """

    def __init__(
        self, controls: ControlMap, homes: Container[Home], current: Callable[[str], Value]
    ) -> None:
        self._controls = controls
        self._homes = homes
        self._current = current
        self._places: dict[tuple[int, int], int] = {}  # of each channel's controllers
        self._last: dict[tuple[str, Binding], Value] = {}

    def hear(self, channel: int, number: int, value: int) -> Iterator[tuple[Parameter, Value]]:
        """What a control change on a channel 0..15 makes of which parameters."""
        self._places[channel, number] = value
        if number < FIRST_FINE:
            self._places.pop((channel, number + COARSE), None)
        for route in self._controls.moved_by(channel, number):
            if route.parameter.home not in self._homes:
                continue
            coarse = self._places.get((channel, route.binding.cc), 0)
            fine = self._places.get((channel, route.binding.cc + COARSE), 0)
            moved = route.value(coarse, fine)
            if not route.binding.takeover or self._has_met(route, moved):
                yield route.parameter, moved

    def _has_met(self, route: Route, moved: Value) -> bool:
        key = route.parameter.id, route.binding
        last, now = self._last.get(key, moved), self._current(route.parameter.id)
        self._last[key] = moved
        return bool(last == now or (last - now) * (moved - now) <= 0.0)


def default_bindings() -> dict[str, tuple[Binding, ...]]:
    """Those that the table of parameters names."""
    bindings: dict[str, tuple[Binding, ...]] = {}
    for name, parameter in PARAMETERS.items():
        row = parameter.row
        low, high = row.cc_range or (None, None)
        if isinstance(row.cc, int):
            bindings[name] = (Binding(row.cc, low=low, high=high),)
        for place, cc in enumerate(row.cc if isinstance(row.cc, tuple) else (), 1):
            bindings[f"{name}.{place}"] = (Binding(cc),)
    return bindings


def controller_of(parameter: str) -> int:
    """The controller that moves a parameter unless the settings say else."""
    return default_bindings()[parameter][0].cc


def is_free(number: int) -> bool:
    """Whether a controller may move a parameter: MIDI has no fixed meaning for it."""
    return number not in NOT_FOR_USE and number <= LAST


def _values(parameter: Parameter, binding: Binding) -> Iterable[Value]:
    as_it_is = binding.low is None and binding.high is None and not binding.curve
    scale = parameter.scale if as_it_is else _limited(parameter, binding)
    assert scale is not None  # noqa: S101 - else nothing can be bound
    for number in range(HIGHEST + 1):
        if parameter.row.centred and as_it_is:
            yield scale.around(centred(number))
        else:
            yield scale.value(number / HIGHEST)


def _limited(parameter: Parameter, binding: Binding) -> Scale:
    low = parameter.row.low if binding.low is None else binding.low
    high = parameter.row.high if binding.high is None else binding.high
    return parameter.scale_between(low, high, Curve(binding.curve) if binding.curve else None)


def centred(value: int) -> float:
    """-1..1 of a controller's 0..127, with 0 at the centre, 64."""
    return (value - CENTRE) / (HIGHEST - CENTRE if value > CENTRE else CENTRE)
