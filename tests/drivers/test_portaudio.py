"""PortAudio on a real JACK server, which is the only sound card that a container has.

PortAudio looks for devices once in a process, so each stream is tried in a process of its own.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.drivers.portaudio import AudioDevice, find_device
from gansynth_live.errors import DeviceError
from tests.drivers.test_jack import repeated_notes
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.program import tone_synth
from tests.e2e.take import record

MIDI = "GANSynth Live:GANSynth Live"
AUDIO = ["gansynth-live:out_0", "gansynth-live:out_1"]
POLL_FRAMES = 48  # 1 ms: a poll every half, and the time to wake up
LATEST = 4000

DEVICES = [
    AudioDevice(0, "USB Audio CODEC", "ALSA", 44100, is_default=False),
    AudioDevice(1, "Scarlett 2i2 USB", "ALSA", 48000, is_default=False),
    AudioDevice(2, "HDA Intel PCH", "ALSA", 48000, is_default=True),
]


@pytest.mark.parametrize(
    ("name", "number"), [(None, 2), ("scarlett", 1), ("usb", 0), ("HDA Intel PCH", 2)]
)
def test_a_device_is_found_by_a_part_of_its_name(name: str | None, number: int) -> None:
    assert find_device(DEVICES, name).number == number


def test_a_mistyped_device_is_answered_with_the_nearest() -> None:
    with pytest.raises(DeviceError, match="'scarlet 212'; the nearest is 'Scarlett 2i2 USB'"):
        find_device(DEVICES, "scarlet 212")


def test_no_device_at_all_is_one_line() -> None:
    with pytest.raises(DeviceError, match="no audio output on this machine; connect one"):
        find_device([], None)


@pytest.mark.jack
def test_notes_sound_within_a_block_and_a_poll(jack_server: JackServer, tmp_path: Path) -> None:
    events = repeated_notes(jack_server.sample_rate, 30)
    with tone_synth(tmp_path, "portaudio", jack_server.block) as synth:
        take = record(jack_server, Order(MIDI, AUDIO, events, 3.5), tmp_path)
        assert synth.stop() == 0
    assert json.loads(synth.last_words)["notes"] == 30
    heard = [take.delay_of(frame, LATEST) for frame, _ in take.note_ons]
    delays = [LATEST if delay is None else delay for delay in heard]
    # One in four may come late: the machine that tests run on is not always there when called.
    assert np.quantile(delays, 0.75) <= jack_server.block + POLL_FRAMES


@pytest.mark.jack
def test_a_lost_sound_server_is_said_and_the_process_ends(
    jack_server: JackServer, tmp_path: Path
) -> None:
    with tone_synth(tmp_path, "portaudio", jack_server.block) as synth:
        jack_server.kill()
        assert synth.wait() == 1
    assert "the audio device is lost: the JACK server has gone; start again\n" in synth.errors
