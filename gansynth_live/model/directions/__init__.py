"""Directions of a model's latents along which one property of the sound changes."""

from gansynth_live.model.directions.found import Directions, directions_of

__all__ = ["Directions", "directions_of"]
