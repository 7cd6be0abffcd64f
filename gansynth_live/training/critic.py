"""The adversarial stage of the harmonic recipe: a critic that knows real notes from made ones.

Losses that compare with one real note reward its average: envelopes get smooth. The critic judges
patches of images as real or made, and hears the pitch too, as GANSynth's discriminator does
(arXiv 1902.08710, section 3). Since each made image has its real note, what the critic sees in the
two is compared as well (feature matching, arXiv 1606.03498).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.training.adversarial import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
)
from gansynth_live.training.checkpoint import moments, part, prefixed, restore_moments
from gansynth_live.training.harmonic import PITCHES, leaky
from gansynth_live.training.losses import loudness
from gansynth_live.training.melif import BINS, TURN_SCALE
from gansynth_live.training.processes import Crew
from gansynth_live.training.recipe import Contest

CHANNELS = (32, 64, 64, 96)
SHRUNK = 32  # times that an image's bins are fewer in the last layer
GRADIENT_LIMIT = 5.0
SLOPE = 0.2  # of `leaky`


class Critic(nn.Module):
    """Images [n, 2, 128, 1024] to realness of patches [n, 512], pitch logits and features."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = CHANNELS
        layers = [
            nn.Conv2d(3, a, (4, 8), stride=(2, 4), padding=(1, 2)),  # two frames, four bins
            nn.Conv2d(a, b, 3, stride=(1, 2), padding=1),
            nn.Conv2d(b, c, 3, stride=2, padding=1),
            nn.Conv2d(c, d, 3, stride=2, padding=1),
        ]
        for layer in layers:
            nn.init.kaiming_normal_(layer.weight, SLOPE)
        self.layers = nn.ModuleList(layers)
        self.realness = nn.Conv2d(d, 1, 1)
        self.pitch = nn.Linear(d * BINS // SHRUNK, PITCHES)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Realness [n, patches], pitch logits [n, 61], the layers' features."""
        x, features = shown(images), []
        for layer in self.layers:
            x = leaky(layer(x))
            features.append(x)
        return self.realness(x).flatten(1), self.pitch(x.mean(2).flatten(1)), features


class Opponent:
    """The critic, how it learns, and what it makes of the generator's images."""

    def __init__(self, settings: Contest, crew: Crew) -> None:
        self._settings, self._crew = settings, crew
        self.critic = Critic().to(crew.device)
        self._optimiser = torch.optim.Adam(
            self.critic.parameters(), lr=settings.rate, betas=(0.0, 0.99)
        )

    def verdict(
        self, made: Tensor, real: Tensor, pitch: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss that the generator's images bring it, weighted, and its parts."""
        s = self._settings
        self.critic.requires_grad_(False)
        with self._half():
            realness, logits, features = self.critic(made)
            with torch.no_grad():
                wanted = self.critic(real)[2]
        self.critic.requires_grad_(True)
        fooled = generator_loss("logistic", realness.float().flatten())
        heard = functional.cross_entropy(logits.float(), pitch)
        unlike = torch.stack(
            [
                (a.float() - b.float()).abs().mean() / b.float().abs().mean()
                for a, b in zip(features, wanted, strict=True)
            ]
        ).mean()
        loss = s.weight * (fooled + s.pitch_weight * heard) + s.features_weight * unlike
        return loss, {"fooled": fooled, "made pitch": heard, "features": unlike}

    def learn(
        self, made: Tensor, real: Tensor, pitch: Tensor, factor: float, *, step: int
    ) -> dict[str, Tensor]:
        """Tell the critic which images were made, at `factor` times its rate; its losses."""
        s = self._settings
        for group in self._optimiser.param_groups:
            group["lr"] = s.rate * factor
        self._optimiser.zero_grad(set_to_none=True)
        with self._half():
            realness, logits, _ = self.critic(torch.cat([real, made.detach()]))
        of_real, of_made = realness.float().chunk(2)
        told_apart = discriminator_loss("logistic", of_real.flatten(), of_made.flatten())
        heard = functional.cross_entropy(logits[: len(real)].float(), pitch)
        total = told_apart + s.pitch_weight * heard
        if step % s.penalty_every == 0:
            penalty = gradient_penalty("logistic", self._judge, real, made)
            total = total + s.penalty_weight * s.penalty_every * penalty
        total.backward()  # type: ignore[no-untyped-call]
        self._crew.average_gradients(self.critic)
        nn.utils.clip_grad_norm_(self.critic.parameters(), GRADIENT_LIMIT)
        self._optimiser.step()
        return {"told apart": told_apart.detach(), "real pitch": heard.detach()}

    def tensors(self) -> dict[str, Tensor]:
        """All that a resumed run needs."""
        return {
            **prefixed("critic", self.critic.state_dict()),
            **prefixed("adam_critic", moments(self._optimiser)),
        }

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Undo `tensors`."""
        self.critic.load_state_dict(part(tensors, "critic"))
        restore_moments(self._optimiser, part(tensors, "adam_critic"))

    def _judge(self, images: Tensor) -> tuple[Tensor, Tensor]:
        realness, logits, _ = self.critic(images)
        return realness.mean(1), logits

    def _half(self) -> torch.autocast:
        return torch.autocast(self._crew.device.type, torch.bfloat16, self._crew.halves)


def shown(images: Tensor) -> Tensor:
    """What the critic sees of images [n, 2, 128, 1024]: [n, 3, 128, 1024].

    Log power, and cosine and sine of the frequency where it is loud: elsewhere it is noise.
    """
    power, turn = images[:, 0], images[:, 1] * (torch.pi / TURN_SCALE)
    gate = loudness(power) ** 2
    return torch.stack([power, gate * turn.cos(), gate * turn.sin()], 1)
