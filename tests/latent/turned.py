"""Morph controls for tests: the defaults with some settings of one's own."""

from gansynth_live.config import control_map, load_config
from gansynth_live.latent.controls import Beats, MorphControls
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.programs import ProgramMap

PATH = MorphPath(("cello", "choir", "flute"))
PROGRAMS = ("piano", "organ")
CONTROL, PROGRAM, PRESSURE = 0xB0, 0xC0, 0xD0
GLIDE, LFO_RATE, LFO_DEPTH, ORBIT_RATE, ORBIT_AMOUNT, FOCUS = range(20, 26)


def controls(
    *settings: str, beats: Beats | None = None, lasts: float | None = None
) -> MorphControls:
    """Of settings such as "motion.glide=2"."""
    config = load_config(overrides=settings)
    return MorphControls(
        PATH,
        ProgramMap(PROGRAMS),
        config.morph,
        config.motion,
        control_map(config),
        beats=beats,
        lasts=lasts,
    )
