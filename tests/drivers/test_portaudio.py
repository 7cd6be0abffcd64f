"""PortAudio on a real JACK server, which is the only sound card that a container has.

PortAudio looks for devices once in a process, so each stream is tried in a process of its own.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.drivers.portaudio import AudioDevice, find_device, rank
from gansynth_live.engine.process import process_block
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import NOW
from tests.conftest import REPOSITORY
from tests.drivers.test_jack import repeated_notes
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.program import tone_synth
from tests.e2e.take import record
from tests.e2e.tones import tone_machine

MIDI = "GANSynth Live:GANSynth Live"
AUDIO = ["gansynth-live:out_0", "gansynth-live:out_1"]
POLL_FRAMES = 48  # 1 ms: a poll every half, and the time to wake up
LATEST = 4000
BLOCK = 9000  # longer than the machine renders at once

LOOKING = """
from gansynth_live.drivers.portaudio import audio_devices
assert audio_devices()
print("looked", flush=True)
input()
"""

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


def test_stereo_comes_before_mono_and_a_good_api_before_others() -> None:
    devices = [
        AudioDevice(0, "speakerphone", "ALSA", 48000, is_default=False, channels=1),
        AudioDevice(1, "speakers", "OSS", 48000, is_default=False),
        AudioDevice(2, "speakers", "ALSA", 48000, is_default=False),
    ]
    assert [device.number for device in sorted(devices, key=rank)] == [2, 1, 0]


@pytest.mark.parametrize("channels", [1, 2])
def test_a_device_gets_both_sides_or_their_mean(channels: int) -> None:
    callback = pytest.importorskip("gansynth_live.drivers.portaudio_callback")
    machine, twin = tone_machine(48000), tone_machine(48000)
    for each in (machine, twin):
        each.send(NOW, 0xB0, 10, 20)  # to the left
        each.send(NOW, 0x90, 69, 127)
    stream = np.zeros(1, callback.STREAM)
    stream["table"], stream["channels"] = machine.addresses.ctypes.data, channels
    out = np.full((BLOCK, channels), np.nan, np.float32)
    callback.portaudio_process.ctypes(None, out.ctypes.data, BLOCK, None, 0, stream.ctypes.data)
    left, right = process_block(twin, BLOCK)
    expected = [left, right] if channels == 2 else [np.float32(0.5) * (left + right)]
    assert np.abs(left).max() > 2 * np.abs(right).max() > 0.0
    np.testing.assert_array_equal(out.T, expected)


@pytest.mark.jack
def test_one_loudspeaker_is_enough(jack_server: JackServer, tmp_path: Path) -> None:
    jack_server.stop()
    jack_server.speakers = 1
    jack_server.start()
    with tone_synth(tmp_path, "portaudio", jack_server.block) as synth:
        assert "gansynth-live:out_1" not in jack_server.ports()
        take = record(
            jack_server, Order(MIDI, 2 * AUDIO[:1], [(0, [0x90, 69, 127])], 1.0), tmp_path
        )
        assert synth.stop() == 0
    assert np.abs(take.samples).max() > 0.1


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


@pytest.mark.jack
def test_a_server_that_dies_before_anything_was_played_aborts_nothing(
    jack_server: JackServer,
) -> None:
    """PortAudio is a client of the server as soon as it has looked for devices."""
    looking = subprocess.Popen(
        [sys.executable, "-c", LOOKING],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert looking.stdout is not None
    assert looking.stdout.readline() == "looked\n"
    jack_server.kill()
    _, errors = looking.communicate("\n", timeout=10)
    assert (looking.returncode, errors) == (0, "")
