"""When the trend of a voice's timbre is estimated: seldom, since a player may be waiting for it.

A trend says how a timbre decays and how loud it is. The last one that was estimated serves for
timbres nearby. Where the latent has gone far from that one's, the trend is estimated for the first
part of a continuation already; where it has moved a little, only if the timbre still stands after
that part. When the knob has rested for a while, the whole note is looked at, closely.
"""

from enum import Enum, auto

import numpy as np

from gansynth_live.latent.sphere import Latent
from gansynth_live.render.continuation.passage import VoiceState

FIRST_PART = 7  # frames of a continuation, at least
RESTS_AT = 28  # frames of a continuation after which the knob counts as resting
FAR, NEAR = 0.5, 0.15  # of the latent's length
LASTS = 30  # continuations of a moving blend that one trend serves; in a first part twice as many


class Look(Enum):
    """How much of a note is looked at for an estimate."""

    NONE = auto()
    ROUGH = auto()  # its onset and both ends of its steady zone
    CLOSE = auto()  # all of it


def look_needed(standing: VoiceState, latent: Latent, made: int = 0, first_part: int = 0) -> Look:
    """The look that a continuation in `latent` needs before its next frames.

    Args:
        standing: of the voice.
        made: frames that it has.
        first_part: how many of these were its first part.
    """
    if is_known(standing, latent):
        return Look.NONE
    if made >= RESTS_AT:
        return Look.CLOSE
    if standing.trend is None:
        return Look.ROUGH
    moved = moved_since(standing, latent)
    if made == 0:
        return Look.ROUGH if moved > FAR or standing.age >= 2 * LASTS else Look.NONE
    is_due = made == first_part and (moved > NEAR or standing.age >= LASTS)
    return Look.ROUGH if is_due else Look.NONE


def is_known(standing: VoiceState, latent: Latent) -> bool:
    """Whether a close look at this very timbre has been taken."""
    return standing.trend is not None and standing.closely and moved_since(standing, latent) == 0.0


def moved_since(standing: VoiceState, latent: Latent) -> float:
    """How far a latent is from the one whose trend was estimated last, in its own length."""
    return float(np.linalg.norm(latent - standing.measured_at) / np.linalg.norm(latent))
