"""Training of the progressive GAN with auxiliary pitch loss, from any set of notes."""

import copy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.training.adversarial import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
)
from gansynth_live.training.averages import follow
from gansynth_live.training.checkpoint import moments, part, prefixed, restore_moments
from gansynth_live.training.notes import HIGH_PITCH, LOW_PITCH, NoteSet
from gansynth_live.training.processes import Crew
from gansynth_live.training.progressive import Discriminator, Generator, at_progress, growth
from gansynth_live.training.recipe import Recipe

PITCHES = HIGH_PITCH - LOW_PITCH + 1
FULL_BLOCKS = 7  # 128 x 1024


class GansynthTrainer:
    """Generator, discriminator and their optimisers, on one process's share of the batches."""

    def __init__(self, recipe: Recipe, notes: NoteSet, crew: Crew) -> None:
        torch.manual_seed(recipe.seed)
        self._recipe, self._notes, self._crew = recipe, notes, crew
        self._train = np.flatnonzero(~notes.held_out)
        channels, latent = recipe.network.channels, recipe.network.latent
        self.generator = Generator(channels, latent, PITCHES).to(crew.device)
        self.discriminator = Discriminator(channels, PITCHES).to(crew.device)
        self.average = copy.deepcopy(self.generator)
        o = recipe.optimiser
        self._optimisers = [
            torch.optim.Adam(network.parameters(), lr=o.rate, betas=o.betas)
            for network in (self.generator, self.discriminator)
        ]

    def step(self, step: int, progress: float) -> dict[str, Tensor]:
        """See `loop.Trainer`."""
        blocks = len(self._recipe.network.channels)
        grown = growth(progress, blocks, self._recipe.adversarial.rest)
        real, pitch, noise = self._batch(step)
        real = at_progress(real, grown, blocks)
        losses = self._improve_discriminator(real, pitch, noise[0], grown)
        losses |= self._improve_generator(pitch, noise[1], grown)
        follow(self.average, self.generator, self._recipe.optimiser.average, step)
        return {name: value.detach() for name, value in losses.items()}

    def tensors(self) -> dict[str, Tensor]:
        """See `loop.Trainer`."""
        networks = {
            "raw": self.generator,
            "average": self.average,
            "discriminator": self.discriminator,
        }
        tensors: dict[str, Tensor] = {}
        for name, network in networks.items():
            tensors |= prefixed(name, network.state_dict())
        for name, optimiser in zip(("adam", "adam_d"), self._optimisers, strict=True):
            tensors |= prefixed(name, moments(optimiser))
        return tensors

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """See `loop.Trainer`."""
        self.generator.load_state_dict(part(tensors, "raw"))
        self.average.load_state_dict(part(tensors, "average"))
        self.discriminator.load_state_dict(part(tensors, "discriminator"))
        for name, optimiser in zip(("adam", "adam_d"), self._optimisers, strict=True):
            restore_moments(optimiser, part(tensors, name))

    def _improve_discriminator(
        self, real: Tensor, pitch: Tensor, z: Tensor, grown: float
    ) -> dict[str, Tensor]:
        a = self._recipe.adversarial

        def judge(images: Tensor) -> tuple[Tensor, Tensor]:
            realness, logits = self.discriminator(images, grown)
            return realness, logits

        with torch.no_grad():
            made = self.generator(z, pitch, grown)
        # One forward pass: the spread among notes must not tell real from made batches apart.
        realness, logits = judge(torch.cat([real, made]))
        n = len(real)
        fooled = discriminator_loss(a.loss, realness[:n], realness[n:])
        pitch_loss = functional.cross_entropy(logits[:n], pitch)
        penalty = gradient_penalty(a.loss, judge, real, made)
        total = fooled + a.pitch_weight * pitch_loss + a.penalty_weight * penalty
        self._descend(1, total)
        return {"discriminator": fooled, "real pitch": pitch_loss, "penalty": penalty}

    def _improve_generator(self, pitch: Tensor, z: Tensor, grown: float) -> dict[str, Tensor]:
        a = self._recipe.adversarial
        realness, logits = self.discriminator(self.generator(z, pitch, grown), grown)
        fooled = generator_loss(a.loss, realness)
        pitch_loss = functional.cross_entropy(logits, pitch)
        self._descend(0, fooled + a.pitch_weight * pitch_loss)
        return {"generator": fooled, "made pitch": pitch_loss}

    def _descend(self, which: int, loss: Tensor) -> None:
        for optimiser in self._optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        network = (self.generator, self.discriminator)[which]
        self._crew.average_gradients(network)
        nn.utils.clip_grad_norm_(network.parameters(), self._recipe.optimiser.gradient_limit)
        self._optimisers[which].step()

    def _batch(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Real images, their pitch index and two sets of latents: by seed, step and rank alone."""
        share = self._recipe.batch // self._crew.size
        generator = np.random.default_rng([self._recipe.seed, step, self._crew.rank])
        chosen = generator.choice(self._train, share)
        latents = generator.standard_normal((2, share, self._recipe.network.latent))
        images = torch.from_numpy(self._notes.images[chosen].astype(np.float32))
        missing = FULL_BLOCKS - len(self._recipe.network.channels)
        device = self._crew.device
        return (
            functional.avg_pool2d(images.to(device), 2**missing),
            torch.from_numpy(self._notes.pitch[chosen] - LOW_PITCH).to(device),
            torch.from_numpy(latents.astype(np.float32)).to(device),
        )
