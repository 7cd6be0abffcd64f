"""A finished recording through the speakers, while the program goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from gansynth_live.drivers.portaudio import MONO, audio_devices, find_device, portaudio
from gansynth_live.errors import DeviceError


@contextmanager
def playing(recording: NDArray[np.float32], sample_rate: int) -> Iterator[str]:
    """Play stereo float32 [frames, 2]; yields the device's name, and waits for the end on leaving.

    A device with one channel gets the mean of left and right.

    Raises:
        DeviceError: there is no output, or it refuses.
    """
    device = find_device(audio_devices(), None)
    sounddevice = portaudio()
    try:
        sound = recording.mean(axis=1) if device.channels == MONO else recording
        sounddevice.play(sound, sample_rate, device=device.number)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise DeviceError(f"{device.name} does not play: {error}; choose another device") from error
    try:
        yield device.name
        sounddevice.wait()
    finally:
        sounddevice.stop()
