"""What is asked of the render of a file: all that decides its sound but the file and the model."""

from typing import Any

import numpy as np
from msgspec import Struct, msgpack
from msgspec.structs import replace

from gansynth_live.config import Config
from gansynth_live.latent.sphere import Latent
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.set_up import Audio, Cache, Render
from gansynth_live.parameters.table import PARAMETERS
from gansynth_live.performance import magenta

DEVICE_RATE = 48_000


class Request(Struct, frozen=True):
    """Wishes for a render, as plain data that may travel.

    Attributes:
        settings: all of them; effects that are not wanted are left out already.
        instruments: a morph path in place of the settings'.
        at: where on the piece's length each of them lies, as "0,0.3,1".
        random: drawn instruments in place of a path; 0: none.
        seed: of what is drawn.
        seconds_per_instrument: after which the next one is drawn.
        stretch: every time is multiplied by it.
        compat: whether the original's envelope and mix are wanted, 16 kHz.
        sample_rate: frames a second.
        pitched_drums: whether the keys of the drum channel are played as pitches.
        lent: instruments by name that a preset brings, or the user keeps.
    """

    settings: Config
    instruments: tuple[str, ...] | None = None
    at: str | None = None
    random: int = 0
    seed: int = 0
    seconds_per_instrument: float | None = None
    stretch: float = 1.0
    compat: bool = False
    sample_rate: int = DEVICE_RATE
    pitched_drums: bool = False
    lent: dict[str, tuple[float, ...]] = {}

    @property
    def rate(self) -> int:
        """Frames a second of the file that is written."""
        return magenta.SAMPLE_RATE if self.compat else self.sample_rate

    @property
    def latents(self) -> dict[str, Latent]:
        """The lent instruments, float32 [latent_size] each."""
        return {name: np.array(numbers, np.float32) for name, numbers in self.lent.items()}

    def pack(self) -> bytes:
        """As bytes, the same ones for the same request."""
        return msgpack.encode(self, order="deterministic")

    def heard(self) -> "Request":
        """The same without what nobody hears: devices, memory, threads, where the model lies."""
        model = replace(self.settings.model, path="", threads=0)
        settings = replace(
            self.settings, audio=Audio(), cache=Cache(), render=Render(), model=model
        )
        return replace(self, settings=settings)


def unpack(packed: bytes) -> Request:
    """The request that `pack` made these bytes of."""
    request = msgpack.decode(packed, type=Request)
    parts = [replace(part, own=_checked(part.own)) for part in request.settings.part]
    return replace(request, settings=replace(request.settings, part=tuple(parts)))


def _checked(own: dict[str, Any]) -> dict[str, Value]:
    """The values of a part, whose types its own field does not say."""
    return {name: PARAMETERS[name].check(value, name) for name, value in own.items()}
