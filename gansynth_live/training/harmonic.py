"""The harmonic decoder: (latent, pitch) to a mel-IF image that is built, not only drawn.

Log power is the logsumexp of three parts: a comb at the pitch, a comb an octave below and noise,
each under a learnt envelope over time and frequency, the first also under a level for each harmonic
number. The instantaneous frequency is that of a perfect harmonic plus a residual. The pitch tables
are constants. A small image residual is free.

`Detail` refines the same parts at every frame; with its last layer at zero the network is exactly
the one without it, so older weights stay a valid start.
"""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.model.harmonic import detail
from gansynth_live.model.harmonic.detail import DETUNE_SCALE, LEVEL_SCALE
from gansynth_live.model.harmonic.layers import stretching
from gansynth_live.training.melif import BINS, POWER_OFFSET, POWER_SCALE, TURN_SCALE

PITCHES = 61  # MIDI 24..84
PARTIALS = 96
PITCH_WEIGHT = 4.0  # one-hot against the latent, whose elements are about 1
RESIDUAL_POWER = 0.4  # reach of the free residual, in units of the image


def pixel_norm(x: Tensor) -> Tensor:
    """x over its root mean square along dimension 1."""
    normal: Tensor = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)
    return normal


def leaky(x: Tensor) -> Tensor:
    """Leaky ReLU, slope 0.2."""
    return functional.leaky_relu(x, 0.2)


class ScaledConv(nn.Conv2d):
    """3x3 convolution whose stored weight is scaled by gain * sqrt(2 / fan_in) at run time."""

    def __init__(self, inputs: int, outputs: int, gain: float = 1.0) -> None:
        super().__init__(inputs, outputs, 3, padding=1)
        nn.init.normal_(self.weight)
        assert self.bias is not None  # noqa: S101
        nn.init.zeros_(self.bias)
        self.scale = gain * (2.0 / (9 * inputs)) ** 0.5

    def forward(self, x: Tensor) -> Tensor:
        weight: Tensor = self.weight * self.scale
        return functional.conv2d(x, weight, self.bias, padding=1)


class Detail(nn.Module):
    """Levels and detuning of each partial, and of each part in wide bands, at every frame."""

    code: Tensor
    spread: Tensor

    def __init__(self, latent: int, sizes: detail.Detail) -> None:
        super().__init__()
        self.sizes, hidden = sizes, sizes.hidden
        code = torch.from_numpy(detail.CODE_EMPHASIS * detail.pitch_code(PITCHES)).float()
        spread = torch.from_numpy(stretching(sizes.bands, BINS)).float()
        self.register_buffer("code", code, persistent=False)
        self.register_buffer("spread", spread, persistent=False)
        a, b, c = sizes.channels
        self.l1, self.l2 = nn.Linear(latent + code.shape[1], hidden), nn.Linear(hidden, hidden)
        self.l3 = nn.Linear(hidden, a * 16)
        self.t1, self.t2 = nn.Conv1d(a, b, 3, padding=1), nn.Conv1d(b, c, 3, padding=1)
        self.out = nn.Conv1d(c, 2 * PARTIALS + 3 * sizes.bands, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        assert self.out.bias is not None  # noqa: S101
        nn.init.zeros_(self.out.bias)

    def forward(self, z: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Levels [n, 96, 128], detunings [n, 96, 128] and band levels [n, 3, 128, 1024]."""
        h = pixel_norm(torch.cat([z, self.code[pitch].to(z.dtype)], 1))
        h = pixel_norm(leaky(self.l2(leaky(self.l1(h)))))
        h = leaky(self.l3(h)).view(-1, self.sizes.channels[0], 16)
        for conv in (self.t1, self.t2):
            h = leaky(conv(functional.interpolate(h, scale_factor=2, mode="linear")))
        y = self.out(functional.interpolate(h, scale_factor=2, mode="linear")).float()
        levels, turns, bands = y.split([PARTIALS, PARTIALS, 3 * self.sizes.bands], 1)
        bands = bands.unflatten(1, (3, self.sizes.bands)).transpose(2, 3) @ self.spread
        return levels, turns, bands


class HarmonicDecoder(nn.Module):
    """z [n, latent], pitch index [n] (0 is MIDI 24) to images [n, 2, 128, 1024] in -1..1.

    Args:
        tables: perfect_if [61, 1024], combs [61, 2, 1024], coords [61, 24, 1, 256] and
            harmonic [61, 1024], see `tables.decoder_tables`.
        channels: of the four stages 2x32, 4x64, 8x128 and 16x256.
        refined: sizes of the refining head, None for none.
    """

    UP = (8, 4)  # time, frequency: the last stage's depth to space

    perfect_if: Tensor
    combs: Tensor
    coords: Tensor
    harmonic: Tensor

    def __init__(
        self,
        tables: dict[str, NDArray[np.generic]],
        channels: tuple[int, ...] = (128, 128, 96, 64),
        latent: int = 256,
        refined: detail.Detail | None = detail.Detail(),  # noqa: B008 (frozen)
    ) -> None:
        super().__init__()
        c, extra = channels, 6 * self.UP[1]
        self.channels = c
        for name, value in tables.items():
            # Combs come from random phases: they belong to the weights trained on them.
            self.register_buffer(name, torch.as_tensor(value), persistent=name == "combs")
        self.first = nn.Linear(latent + PITCHES, c[0] * 2 * 32)
        nn.init.normal_(self.first.weight)
        self.first_scale = (2.0 / (latent + PITCHES)) ** 0.5
        self.w1, self.w2 = nn.Linear(latent + PITCHES, 256), nn.Linear(256, 256)
        self.c01 = ScaledConv(c[0], c[0])
        self.a = nn.ModuleList(ScaledConv(i, o) for i, o in pairwise(c))
        inputs = (*c[1:-1], c[-1] + extra)
        self.b = nn.ModuleList(ScaledConv(i, o) for i, o in zip(inputs, c[1:], strict=True))
        self.film = nn.ModuleList(nn.Linear(256, 2 * c[(i + 1) // 2]) for i in range(7))
        self.p0, self.p1 = nn.Linear(256, 64 * 16), nn.Conv1d(64, 96, 3, padding=1)
        self.p2, self.p3 = nn.Conv1d(96, 96, 3, padding=1), nn.Conv1d(96, PARTIALS, 3, padding=1)
        up, across = self.UP
        self.out = ScaledConv(c[3] + extra, 2 * up * across + 3 * up, gain=0.3)
        self.detail = Detail(latent, refined) if refined else None

    def forward(self, z: Tensor, pitch: Tensor, told: Tensor | None = None) -> Tensor:
        """Images, see the class; the layers are `told` another pitch [n] than the note's own."""
        told = pitch if told is None else told
        v = pixel_norm(
            torch.cat([z, PITCH_WEIGHT * functional.one_hot(told, PITCHES).to(z.dtype)], 1)
        )
        style = leaky(self.w2(leaky(self.w1(v))))
        residual, envelopes = self._image(v, style, pitch)
        levels = self._levels(style)
        turn = residual[:, 1]
        if self.detail is not None:
            fine, detune, bands = self.detail(z, told)
            levels = levels + fine
            turn = turn + self._by_partial(detune, pitch) * DETUNE_SCALE
            envelopes = envelopes + bands * LEVEL_SCALE
        comb = self.combs[pitch]
        own = self._by_partial(levels * LEVEL_SCALE, pitch)
        parts = torch.stack(
            [
                envelopes[:, 0] + own + comb[:, :1],
                envelopes[:, 1] + comb[:, 1:],
                envelopes[:, 2],
            ]
        )
        power = torch.logsumexp(parts, 0) * POWER_SCALE + POWER_OFFSET
        power = (power + RESIDUAL_POWER * residual[:, 0]).clamp(-1, 1)
        turn = torch.remainder(self.perfect_if[pitch][:, None] + turn + 1, 2) - 1
        return torch.stack([power, turn * TURN_SCALE], 1)

    def _image(self, v: Tensor, style: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor]:
        """Residuals [n, 2, 128, 1024] and the three envelopes [n, 3, 128, 1024] in ln power."""
        films = iter([film(style)[:, :, None, None].chunk(2, 1) for film in self.film])

        def act(x: Tensor) -> Tensor:
            gain, shift = next(films)
            modulated: Tensor = pixel_norm(leaky(x)) * (1 + gain) + shift
            return modulated

        x = functional.linear(v, self.first.weight * self.first_scale, self.first.bias)
        x = act(self.c01(pixel_norm(leaky(x.view(-1, self.channels[0], 2, 32)))))
        coords = self.coords[pitch].expand(-1, -1, 16, -1).to(x.dtype)
        for stage, (a, b) in enumerate(zip(self.a, self.b, strict=True)):
            x = act(a(functional.interpolate(x, scale_factor=2, mode="nearest")))
            x = act(b(torch.cat([x, coords], 1) if stage == 2 else x))
        y = self.out(torch.cat([x, coords], 1)).float()
        n, _, rows, columns = y.shape
        up, across = self.UP
        planes = 2 * up * across
        residual = torch.tanh(y[:, :planes]).view(n, 2, up, across, rows, columns)
        residual = residual.permute(0, 1, 4, 2, 5, 3).reshape(n, 2, rows * up, columns * across)
        envelopes = y[:, planes:].view(n, 3, up, rows, columns).permute(0, 1, 3, 2, 4)
        envelopes = functional.interpolate(
            envelopes.reshape(n, 3, rows * up, columns),
            scale_factor=(1, across),
            mode="bilinear",
            align_corners=False,
        )
        return residual, (envelopes - POWER_OFFSET) / POWER_SCALE

    def _levels(self, style: Tensor) -> Tensor:
        """Level of each harmonic number over time [n, 96, 128]."""
        p = leaky(self.p0(style)).view(-1, 64, 16)
        p = leaky(self.p1(functional.interpolate(p, scale_factor=2, mode="linear")))
        p = leaky(self.p2(functional.interpolate(p, scale_factor=2, mode="linear")))
        return functional.interpolate(self.p3(p), size=128, mode="linear").float()

    def _by_partial(self, values: Tensor, pitch: Tensor) -> Tensor:
        """[n, 96, 128] by harmonic number to [n, 128, 1024] by mel bin; 0 above the last."""
        table = functional.pad(values, (0, 0, 0, 1)).transpose(1, 2)
        index = self.harmonic[pitch][:, None].expand(-1, table.shape[1], -1)
        return torch.gather(table, 2, index)
