"""What a note is rendered for, and what is asked of that: its latent, its vibrato, its life."""

from collections.abc import Callable, Hashable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.latent.living import STILL, Living

# What a note is rendered for: a Blend, or anything else that names a latent.
Timbre: TypeAlias = Hashable
# The latent [latent_size] of a timbre at a pitch; asked by render threads.
LatentOf: TypeAlias = Callable[[Any, int], NDArray[np.float32]]
# How the pitch of a timbre swings; asked by render threads.
VibratoOf: TypeAlias = Callable[[Any], Vibrato]
# How the partials of a timbre fluctuate; asked by render threads.
LivingOf: TypeAlias = Callable[[Any], Living]


def no_vibrato(_timbre: Timbre) -> Vibrato:
    """Nothing swings until a controller says so."""
    return NO_VIBRATO


def still(_timbre: Timbre) -> Living:
    """No partial moves."""
    return STILL
