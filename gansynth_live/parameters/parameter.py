"""A parameter as everyone meets it: a row of the table together with its field."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin

from msgspec import Meta, ValidationError, convert

from gansynth_live.errors import ConfigError, printable
from gansynth_live.parameters.row import Curve, Home, Row
from gansynth_live.parameters.scale import Cubic, Divisions, Linear, Log, Scale, Steps

Value: TypeAlias = Any  # a number, a switch, a text, or a list or table of these

CURVES: dict[Curve, Callable[[float, float], Scale]] = {
    Curve.LINEAR: Linear,
    Curve.LOG: Log,
    Curve.CUBIC: Cubic,
    Curve.DIVISIONS: lambda *_: Divisions(),
}
IN_KERNEL = (Home.MACHINE, Home.PART, Home.CHANNEL)
SWITCH = {False: "off", True: "on"}
DIGITS = 4  # of a number that is shown


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    Attributes:
        section: the part of its id before the dot.
        key: and after it.
        row: name, range, unit, curve.
        kind: type, as annotated.
        default: what it is unless somebody says otherwise.
        home: where it lives.
    """

    section: str
    key: str
    row: Row
    kind: Any
    default: Value
    home: Home

    @property
    def id(self) -> str:
        """Its name everywhere: in files, presets, messages."""
        return f"{self.section}.{self.key}"

    @property
    def kernel(self) -> str:
        """What the kernel calls its setting; empty where there is none."""
        if self.row.kernel is not None:
            return self.row.kernel
        return self.key if self.home in IN_KERNEL else ""

    @cached_property
    def scale(self) -> Scale | None:
        """Its values along the way of a control; None for what no control can move."""
        kind = get_args(self.kind)[0]
        if kind is bool:
            return Steps((False, True))
        if get_origin(kind) is Literal:
            return Steps(get_args(kind))
        if kind is int:
            return Steps(range(int(self.row.low), int(self.row.high) + 1))
        return self.scale_between(self.row.low, self.row.high) if kind is float else None

    def scale_between(self, low: float, high: float, curve: Curve | None = None) -> Scale:
        """The same between other ends, or along another curve; for real numbers."""
        return CURVES[curve or self.row.curve](low, high)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be; none where it is no choice."""
        kind = get_args(self.kind)[0]
        return get_args(kind) if get_origin(kind) is Literal else ()

    @property
    def is_of_patch(self) -> bool:
        """Whether a preset keeps it, and a change of it can be undone."""
        return self.home not in (Home.SET_UP, Home.CHANNEL)

    @property
    def is_of_part(self) -> bool:
        """Whether each part may have its own; paths are, by another name."""
        return self.home in (Home.PART, Home.MORPH) and self.id != "morph.instruments"

    @property
    def is_learnable(self) -> bool:
        """Whether a controller may move it."""
        lives = self.home is Home.MORPH or (self.home in IN_KERNEL and self.kernel != "")
        return lives and self.scale is not None

    def check(self, value: object, what: str) -> Value:
        """The value in its own type.

        Raises:
            ConfigError: it cannot be that; the line begins with `what`.
        """
        try:
            converted = convert(value, self._checked)
        except ValidationError as error:
            reason = str(error).replace("`", "")
            if self.choices:
                reason = f"choose {' or '.join(self.choices)}"
            raise ConfigError(f"{what} = {_shown(value)}: {reason}") from error
        if self.row.holds is not None and converted:
            try:
                self.row.holds(converted)
            except ConfigError as error:
                raise ConfigError(f"{what}: {error}") from None
        return converted

    def text(self, value: Value) -> str:
        """A value for people, with its unit."""
        if isinstance(value, bool):
            return SWITCH[value]
        if self.row.holds is not None:
            return printable(next((line for line in value.splitlines() if line), ""))
        if isinstance(value, float):
            value = f"{value:.{DIGITS}g}"
        return f"{value} {self.row.unit}".rstrip()

    def parse(self, text: str) -> Value:
        """The value of such a text; the unit may be missing.

        Raises:
            ConfigError: it is none, or out of range.
        """
        bare = text.strip().removesuffix(self.row.unit).rstrip()
        kind = get_args(self.kind)[0]
        try:
            value = {word: state for state, word in SWITCH.items()}[bare] if kind is bool else bare
            value = kind(bare) if kind in (int, float) else value
        except (KeyError, ValueError):
            value = text
        return self.check(value, self.id)

    def element(self, name: str) -> "Parameter":
        """One number of a list (by its place, from 1 on) or of a table of numbers (by its name)."""
        kind = Annotated[float, Meta(ge=self.row.low, le=self.row.high)]
        row = replace(self.row, name=f"{self.row.name} {name}", cc=())
        return Parameter(self.section, f"{self.key}.{name}", row, kind, 0.0, self.home)

    @cached_property
    def _checked(self) -> Any:
        """The type with its range, as msgspec wants it."""
        if get_args(self.kind)[0] in (int, float) and not _has_limits(self.kind):
            return Annotated[self.kind, Meta(ge=self.row.low, le=self.row.high)]
        return self.kind


def _has_limits(kind: Any) -> bool:
    return any(isinstance(note, Meta) for note in get_args(kind)[1:])


def _shown(value: object) -> str:
    """The beginning of a value, for a message."""
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python writes out no number of thousands of digits
        return "a number of thousands of digits"
