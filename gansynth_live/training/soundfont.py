"""Notes from a soundfont: libfluidsynth through ctypes, at 48 kHz and decimated to 16 kHz.

Rendering at 16 kHz directly would alias: fluidsynth interpolates, it does not band-limit.
"""

import ctypes
import ctypes.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, freqz, resample_poly

from gansynth_live.errors import UsageError
from gansynth_live.training import melif

RENDER_RATE = 48000
DECIMATION = 3
HOLD_SECONDS, RELEASE_SECONDS = 3.0, 1.0
BEND_RANGE = 2  # semitones: the wheel's 14 bits over +-200 cents
SINC_INTERPOLATION = 7
WINDOW, TAPS_A_SIDE = ("kaiser", 8.0), 10  # of the decimation; taps at the lower rate
MOST_LIFT = 2.0
FONT_DIRECTORIES = ("/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/soundfonts")


class SoundFont:
    """One loaded soundfont; not for use by two threads at once.

    Raises:
        UsageError: libfluidsynth or the file is missing, or the file is not a soundfont.
    """

    def __init__(self, path: Path) -> None:
        self._library = _library()
        settings = ctypes.c_void_p(self._library.new_fluid_settings())
        for name, value in ((b"synth.sample-rate", float(RENDER_RATE)), (b"synth.gain", 0.6)):
            self._library.fluid_settings_setnum(settings, name, ctypes.c_double(value))
        for name in (b"synth.reverb.active", b"synth.chorus.active", b"synth.threadsafe-api"):
            self._library.fluid_settings_setint(settings, name, 0)
        self._synth = ctypes.c_void_p(self._library.new_fluid_synth(settings))
        self._font = self._library.fluid_synth_sfload(self._synth, str(path).encode(), 1)
        if not path.is_file() or self._font < 0:
            raise UsageError(f"{path} is not a readable soundfont; give one with --soundfont")
        self._library.fluid_synth_set_interp_method(self._synth, -1, SINC_INTERPOLATION)

    def note(
        self, bank: int, program: int, key: int, velocity: int = 100, cents: float = 0.0
    ) -> NDArray[np.float64]:
        """One note, mono, 4 s at 16 kHz (3 s held), its tuning raised by `cents` (within +-199).

        Raises:
            UsageError: the soundfont has no such preset.
        """
        return decimate(self.wide_note(bank, program, key, velocity, cents))

    def wide_note(
        self, bank: int, program: int, key: int, velocity: int = 100, cents: float = 0.0
    ) -> NDArray[np.float64]:
        """The same at 48 kHz, with all that is above 8 kHz.

        Raises:
            UsageError: the soundfont has no such preset.
        """
        library, synth = self._library, self._synth
        if library.fluid_synth_program_select(synth, 0, self._font, bank, program) != 0:
            raise UsageError(f"the soundfont has no preset {bank}:{program}; choose another font")
        wheel = round(8192 + float(np.clip(cents, -199.0, 199.0)) * 8192 / (100 * BEND_RANGE))
        library.fluid_synth_pitch_wheel_sens(synth, 0, BEND_RANGE)
        library.fluid_synth_pitch_bend(synth, 0, wheel)
        library.fluid_synth_noteon(synth, 0, key, velocity)
        held = self._write(round(HOLD_SECONDS * RENDER_RATE))
        library.fluid_synth_noteoff(synth, 0, key)
        released = self._write(round(RELEASE_SECONDS * RENDER_RATE))
        library.fluid_synth_all_sounds_off(synth, 0)
        self._write(256)
        return np.concatenate([held, released])

    def _write(self, frames: int) -> NDArray[np.float64]:
        stereo = np.zeros((frames, 2), np.float32)
        data = stereo.ctypes.data_as(ctypes.c_void_p)
        self._library.fluid_synth_write_float(self._synth, frames, data, 0, 2, data, 1, 2)
        return np.asarray(stereo.mean(1), np.float64)


def decimate(wave: NDArray[np.floating]) -> NDArray[np.float64]:
    """A wave [3 n] at 48 kHz brought down to 16 kHz."""
    return np.asarray(resample_poly(wave, 1, DECIMATION, window=WINDOW), np.float64)


def decimation_lift() -> NDArray[np.float32]:
    """What undoes the roll-off of `decimate`: gains 1..2 of bins of the model, [1024]."""
    taps = firwin(2 * TAPS_A_SIDE * DECIMATION + 1, 1 / DECIMATION, window=WINDOW)
    bins = np.arange(1, melif.BINS + 1) / melif.BINS
    _, response = freqz(taps, worN=bins * np.pi / DECIMATION)
    return np.asarray(np.clip(1 / np.abs(response), 1.0, MOST_LIFT), np.float32)


def find_font(name: str) -> Path:
    """The soundfont file `name` in the usual directories.

    Raises:
        UsageError: it is not there; the message names Debian's package.
    """
    for directory in FONT_DIRECTORIES:
        if (path := Path(directory) / name).is_file():
            return path
    raise UsageError(
        f"{name} is not installed; on Debian: apt install musescore-general-soundfont-lossless,"
        " elsewhere give the file with --soundfont"
    )


def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("fluidsynth") or "libfluidsynth.so.3"
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise UsageError(
            "libfluidsynth is not installed; on Debian: apt install libfluidsynth3"
        ) from error
    library.new_fluid_settings.restype = ctypes.c_void_p
    library.new_fluid_synth.restype = ctypes.c_void_p
    return library
