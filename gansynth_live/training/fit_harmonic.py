"""Training of the harmonic decoder: an auto-decoder, with learnt latents for its instruments.

A soundfont has one recording for a few keys of an instrument. Each recording may have an offset of
its own from the instrument's latent, so that nothing is blurred where one recording ends and the
next begins. Some notes are learnt without it: the plain latent is the instrument as a whole.
"""

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.training.averages import follow, rate
from gansynth_live.training.checkpoint import moments, part, prefixed, restore_moments
from gansynth_live.training.critic import Opponent
from gansynth_live.training.harmonic import PITCHES, HarmonicDecoder
from gansynth_live.training.latents import blend_images, on_sphere
from gansynth_live.training.losses import band_matrix, reconstruction
from gansynth_live.training.notes import LOW_PITCH, NoteSet
from gansynth_live.training.processes import Crew
from gansynth_live.training.recipe import Recipe
from gansynth_live.training.tables import decoder_tables

STRAYS = (-2, -1, -1, 1, 1, 2)  # semitones


class NamedDecoder(nn.Module):
    """The decoder and the latents of its instruments, trained together.

    Args:
        recordings: [instruments, 61] recording of each cell, counted from 1; 0 for none.
    """

    recordings: Tensor

    def __init__(self, recipe: Recipe, recordings: NDArray[np.int64]) -> None:
        super().__init__()
        network = recipe.network
        self.decoder = HarmonicDecoder(
            decoder_tables(), network.channels, network.latent, network.detail
        )
        self.latents = nn.Parameter(torch.randn(len(recordings), network.latent))
        self.offsets = nn.Parameter(torch.zeros(recordings.max() + 1, network.latent))  # 0: none
        self.register_buffer("recordings", torch.from_numpy(recordings))

    def forward(
        self,
        first: Tensor,
        second: Tensor,
        share: Tensor,
        noise: Tensor,
        pitch: Tensor,
        told: Tensor,
        plain: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Images of blends of two instruments, and the mean square of the offsets in them.

        Args:
            first, second, pitch: [n] int64.
            told: [n] int64, the pitch that the layers are told.
            share: [n] of the second.
            noise: [n, latent], added to the blend.
            plain: [n] bool: without the offsets of the recordings.
        """
        share = share[:, None]
        a, b = (self._offset(instrument, pitch, plain) for instrument in (first, second))
        z = (1 - share) * on_sphere(self.latents[first] + a)
        z = z + share * on_sphere(self.latents[second] + b)
        image: Tensor = self.decoder(on_sphere(z + noise), pitch, told)
        return image, a.square().mean()

    def _offset(self, instrument: Tensor, pitch: Tensor, plain: Tensor) -> Tensor:
        recording = self.recordings[instrument, pitch].masked_fill(plain, 0)
        return functional.embedding(recording, self.offsets, padding_idx=0)


class HarmonicTrainer:
    """Losses and optimiser of the harmonic recipe, on one process's share of the batches."""

    def __init__(self, recipe: Recipe, notes: NoteSet, crew: Crew) -> None:
        torch.manual_seed(recipe.seed)
        self._recipe, self._notes, self._crew = recipe, notes, crew
        self._train = np.flatnonzero(~notes.held_out)
        self._cells = notes.lookup()
        o = recipe.optimiser
        self._recordings = notes.recordings() * bool(o.offset_rate)
        self.model = NamedDecoder(recipe, self._recordings).to(crew.device)
        self.model.decoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.model)
        self._forward: nn.Module = crew.share(self.model)
        if recipe.compile:
            self._forward.compile(dynamic=False)
        self._losses = (
            torch.compile(reconstruction, dynamic=False) if recipe.compile else reconstruction
        )
        self._bands = band_matrix().to(crew.device)
        self._rates = (o.rate, o.latent_rate, o.offset_rate)
        groups = [
            {"params": list(self.model.decoder.parameters())},
            {"params": [self.model.latents]},
            {"params": [self.model.offsets]},
        ]
        self._optimiser = torch.optim.Adam(groups, lr=o.rate, betas=o.betas, fused=True)
        self._opponent = Opponent(recipe.contest, crew) if recipe.contest else None
        self._warm_from: int | None = 0  # step at which the optimiser knew nothing

    def step(self, step: int, progress: float) -> dict[str, Tensor]:
        """See `loop.Trainer`."""
        o = self._recipe.optimiser
        self._warm_from = step if self._warm_from is None else self._warm_from
        factor = rate(o, step - self._warm_from, progress)
        for group, base in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = base * factor
        conditions, real = self._batch(step)
        with torch.autocast(self._crew.device.type, torch.bfloat16, self._crew.halves):
            made, offset = self._forward(*conditions)
        losses = dict(self._losses(made, real, self._bands))
        weights = self._recipe.losses
        total = sum(getattr(weights, name) * value for name, value in losses.items())
        total = total + self._recipe.latents.offset_penalty * offset
        if self._opponent:
            # Blends are left out: their "real" images are made too.
            blends, (*_, pitch, _told, _plain) = self._blends(len(made)), conditions
            contest = made[blends:], real[blends:], pitch[blends:]
            verdict, parts = self._opponent.verdict(*contest)
            total, losses = total + verdict, losses | parts
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.model.decoder.parameters(), o.gradient_limit)
        self._optimiser.step()
        follow(self.average, self.model, o.average, step)
        if self._opponent:
            losses |= self._opponent.learn(*contest, factor, step=step)
        return {name: value.detach() for name, value in losses.items()}

    def tensors(self) -> dict[str, Tensor]:
        """See `loop.Trainer`."""
        return {
            **prefixed("raw", self.model.state_dict()),
            **prefixed("average", self.average.state_dict()),
            **prefixed("adam", moments(self._optimiser)),
            **(self._opponent.tensors() if self._opponent else {}),
        }

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """See `loop.Trainer`."""
        self.model.load_state_dict(part(tensors, "raw"))
        self.average.load_state_dict(part(tensors, "average"))
        adam = part(tensors, "adam")
        restore_moments(self._optimiser, adam)
        self._warm_from = 0 if adam else None
        if self._opponent:
            self._opponent.restore(tensors)

    def _blends(self, share: int) -> int:
        """How many of so many notes are blends: the first ones."""
        return round(share * self._recipe.latents.blend_share)

    def _batch(self, step: int) -> tuple[tuple[Tensor, ...], Tensor]:
        """Conditions and real images of this process's share of batch `step`: by seed alone."""
        share = self._recipe.batch // self._crew.size
        seed = [self._recipe.seed, step, self._crew.rank]
        generator = np.random.default_rng(seed)
        chosen = self._chosen(step * self._recipe.batch + self._crew.rank * share, share)
        first, pitch = self._notes.instrument[chosen], self._notes.pitch[chosen] - LOW_PITCH
        settings = self._recipe.latents
        blends = self._blends(share)
        second = first.copy()
        second[:blends] = generator.integers(0, len(self._notes.names), blends)
        partner = self._cells[second, pitch]
        mixed = (np.arange(share) < blends) & (partner >= 0)
        part_of_second = np.where(mixed, generator.random(share), 0.0).astype(np.float32)
        spread = np.where(mixed, settings.blend_noise, settings.noise)[:, None]
        noise = generator.standard_normal((share, self._recipe.network.latent)) * spread
        real = self._images(chosen)
        for k in np.flatnonzero(mixed):
            other = self._images(partner[k : k + 1])
            ratio = torch.full((1, 1, 1), float(part_of_second[k]), device=real.device)
            real[k : k + 1] = blend_images(real[k : k + 1], other, ratio)
        plain = generator.random(share) < settings.plain_share
        astray = ~plain & (self._recordings[first, pitch] > 0)
        astray &= generator.random(share) < settings.astray_share
        told = np.clip(pitch + astray * generator.choice(STRAYS, share), 0, PITCHES - 1)
        arrays = (first, second, part_of_second, noise.astype(np.float32), pitch, told, plain)
        return tuple(torch.from_numpy(a).to(self._crew.device) for a in arrays), real

    def _chosen(self, start: int, count: int) -> NDArray[np.int64]:
        """Notes of the running count start..start+count, each epoch in an order of its own."""
        size = len(self._train)
        order = [
            self._train[np.random.default_rng([self._recipe.seed, 7, epoch]).permutation(size)]
            for epoch in range(start // size, (start + count - 1) // size + 1)
        ]
        first = start % size
        return np.asarray(np.concatenate(order)[first : first + count], np.int64)

    def _images(self, notes: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(self._notes.images[notes].astype(np.float32)).to(self._crew.device)
