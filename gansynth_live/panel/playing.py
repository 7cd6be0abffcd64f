"""What plays, as the panel needs it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.parameters.controllers import Bindings
from gansynth_live.parameters.parameter import Value
from gansynth_live.patch import Patch

Weights = Sequence[tuple[str, float]]


class Facts(NamedTuple):
    """What does not change while it plays.

    Attributes:
        model: its name.
        low: the model's lowest key.
        high: its highest.
        instruments: names, each with its General MIDI family, or "".
    """

    model: str
    low: int
    high: int
    instruments: Sequence[tuple[str, str]]


class Listed(NamedTuple):
    """A preset in the list."""

    name: str
    category: str
    tags: tuple[str, ...]
    author: str
    notes: str
    factory: bool
    favourite: bool


class Meters(NamedTuple):
    """How things stand at one moment.

    Attributes:
        limits: whether the limiter works.
        lost: whether there is no audio device.
        learns: whether a controller is waited for.
        voices: that sound.
        peak_db: of the output, below 0.
        reduction_db: what the limiter takes away.
        load: share of a block's time that it takes to make it; NaN: not known.
        fresh: keys whose render is of the newest blend.
        keys: all of them.
        waiting: notes that wait for their render.
        late: blocks that were not ready in time.
        pad: where the sound is on the pad; None: something else leads.
        position: where it is on the path.
        each_key: [128] bytes, as docs/panel.md says.
    """

    limits: bool
    lost: bool
    learns: bool
    voices: int
    peak_db: float
    reduction_db: float
    load: float
    fresh: int
    keys: int
    waiting: int
    late: int
    pad: tuple[float, float] | None
    position: float
    each_key: bytes


class Devices(NamedTuple):
    """What it plays on.

    Attributes:
        output: what the sound comes out of.
        inputs: names of the MIDI inputs that are heard.
    """

    output: str
    inputs: Sequence[str]


class Playing(Protocol):
    """A session, seen from outside. Every method is for any thread."""

    @property
    def facts(self) -> Facts: ...
    @property
    def devices(self) -> Devices: ...
    def send(self, status: int, data1: int = 0, data2: int = 0) -> bool: ...
    def channel_of(self, part: int) -> int: ...
    def panic(self) -> None: ...
    def turn(self, part: int, values: Mapping[str, Value]) -> None: ...
    def patch(self) -> Patch: ...
    def undo(self) -> bool: ...
    def redo(self) -> bool: ...
    def compare(self) -> bool: ...
    def keep(self) -> None: ...
    def load(self, name: str) -> str: ...
    def save(self, name: str) -> None: ...
    def star(self, name: str, *, shines: bool) -> None: ...
    def remove(self, name: str) -> None: ...
    def presets(self) -> Sequence[Listed]: ...
    def learn(self, parameter: str) -> None: ...
    def forget(self, parameter: str) -> None: ...
    def bindings(self) -> Bindings: ...
    def blends(self) -> Sequence[Weights]: ...
    def meters(self, part: int) -> Meters: ...
    @property
    def sample_rate(self) -> int: ...
    def heard(self, frames: int) -> NDArray[np.float32]: ...
