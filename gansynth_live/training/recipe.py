"""What a training run does, read from TOML: every key has a meaning, an unknown one is an error."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from gansynth_live.errors import ConfigError
from gansynth_live.model.harmonic.detail import Detail


class Network(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Size of the generator."""

    channels: tuple[int, ...] = (128, 128, 96, 64)
    latent: int = 256
    detail: Detail | None = Detail()


class Losses(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Weights of the losses (0: not used)."""

    power: float = 10.0
    amplitude: float = 2.0
    turn: float = 1.0
    bands: float = 0.2
    loudness: float = 0.1


class Latents(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the latents of named instruments are learnt.

    Attributes:
        plain_share: of the notes, how many are learnt without their recording's offset.
        astray_share: of the others, how many are told a key one or two semitones off: what
            is learnt of a recording must hold at keys where another was recorded.
        offset_penalty: weight of the mean square of the offsets, in latent elements.
    """

    noise: float = 0.3
    blend_share: float = 0.125
    blend_noise: float = 0.1
    plain_share: float = 0.15
    astray_share: float = 0.4
    offset_penalty: float = 0.02


class Adversarial(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The game of generator and discriminator.

    Attributes:
        rest: share of each stage in which nothing fades in.
    """

    loss: Literal["logistic", "wgan-gp"] = "logistic"
    pitch_weight: float = 10.0
    penalty_weight: float = 10.0
    rest: float = 0.5


class Contest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The adversarial stage of the harmonic recipe, beside its losses (see `critic`).

    Attributes:
        weight: of fooling the critic.
        pitch_weight: of the pitch that the critic hears, beside telling real from made.
        features_weight: of what the critic sees in made and real notes, compared.
        penalty_weight: of R1, taken every `penalty_every` steps.
        rate: the critic's learning rate.
    """

    weight: float = 0.2
    pitch_weight: float = 0.1
    features_weight: float = 0.3
    penalty_weight: float = 1.0
    penalty_every: Annotated[int, msgspec.Meta(ge=1)] = 16
    rate: float = 5e-4


class Optimiser(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Adam with warm-up, a constant part and a cosine to zero.

    Attributes:
        offset_rate: of the offsets that recordings have from their instruments; 0: they have none.
    """

    rate: float = 2e-3
    latent_rate: float = 1e-2
    offset_rate: float = 0.0
    betas: tuple[float, float] = (0.9, 0.98)
    warm_up_steps: int = 100
    constant_share: float = 0.35
    gradient_limit: float = 5.0
    average: float = 0.998


class Recipe(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A whole run. It ends at `images` or after `minutes` of training, whichever comes first."""

    family: Literal["harmonic", "gansynth"]
    seed: int = 0
    images: int = 1_000_000
    minutes: float = 100_000.0
    batch: int = 16
    compile: bool = False
    network: Network = Network()
    losses: Losses = Losses()
    latents: Latents = Latents()
    adversarial: Adversarial = Adversarial()
    contest: Contest | None = None
    optimiser: Optimiser = Optimiser()


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file.

    Raises:
        ConfigError: the file cannot be read, or a key is unknown or has a bad value.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Recipe)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}; name a recipe file") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}; see configs/training for the keys") from error
