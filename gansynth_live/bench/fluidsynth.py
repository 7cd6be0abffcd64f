"""FluidSynth as the kernel's peer: the most used sampler engine, reached through its C library."""

import ctypes
import ctypes.util
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

CURE = "apt install libfluidsynth3 fluid-soundfont-gm"
SOUNDFONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/soundfonts/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf2/default-GM.sf2"),
)
STRINGS = 48  # a program whose samples are looped: its voices never end by themselves
KEYS = range(36, 97)
CHANNELS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)  # the tenth is percussion


class Interpolation(IntEnum):
    """How many neighbouring samples FluidSynth reads for one."""

    LINEAR = 1
    DEFAULT = 4


def is_installed() -> bool:
    """Whether FluidSynth and a soundfont are on this machine."""
    return _library() is not None and _soundfont() is not None


class FluidSynth:
    """A synthesizer that holds string notes, reverb and chorus off.

    FluidSynth renders blocks of 64 frames internally, however many are asked for at once.
    """

    def __init__(self, sample_rate: int, interpolation: Interpolation) -> None:
        library, soundfont = _library(), _soundfont()
        if library is None or soundfont is None:
            raise OSError(f"FluidSynth or its soundfont is missing: {CURE}")
        self._library = library
        self._settings = ctypes.c_void_p(library.new_fluid_settings())
        library.fluid_settings_setnum(
            self._settings, b"synth.sample-rate", ctypes.c_double(sample_rate)
        )
        for setting, value in (
            (b"synth.polyphony", 4096),
            (b"synth.reverb.active", 0),
            (b"synth.chorus.active", 0),
        ):
            library.fluid_settings_setint(self._settings, setting, value)
        self._synth = ctypes.c_void_p(library.new_fluid_synth(self._settings))
        library.fluid_synth_sfload(self._synth, bytes(soundfont), 1)
        for channel in CHANNELS:
            library.fluid_synth_program_change(self._synth, channel, STRINGS)
        library.fluid_synth_set_interp_method(self._synth, -1, int(interpolation))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._library.delete_fluid_synth(self._synth)
        self._library.delete_fluid_settings(self._settings)

    @property
    def voices(self) -> int:
        """Voices that sound now (a string note of FluidR3 takes two)."""
        return int(self._library.fluid_synth_get_active_voice_count(self._synth))

    def hold(self, voices: int) -> None:
        """Start notes until at least `voices` voices sound."""
        notes = ((channel, key) for channel in CHANNELS for key in KEYS)
        while self.voices < voices:
            channel, key = next(notes)
            self._library.fluid_synth_noteon(self._synth, channel, key, 80)

    def render(self, frames: int) -> NDArray[np.float32]:
        """Render the next frames: float32 [2, frames]."""
        block = np.empty((2, frames), np.float32)
        left, right = (ctypes.c_void_p(channel.ctypes.data) for channel in block)
        self._library.fluid_synth_write_float(self._synth, frames, left, 0, 1, right, 0, 1)
        return block


def _soundfont() -> Path | None:
    return next((path for path in SOUNDFONTS if path.exists()), None)


@cache
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(ctypes.util.find_library("fluidsynth") or "libfluidsynth.so.3")
    except OSError:
        return None
    library.new_fluid_settings.restype = ctypes.c_void_p
    library.new_fluid_synth.restype = ctypes.c_void_p
    return library
