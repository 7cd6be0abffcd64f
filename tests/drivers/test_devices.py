"""What is found is listed; what is missing is one line that says what to do."""

import subprocess
import sys

import pytest

from gansynth_live.cli.devices import devices
from tests.conftest import REPOSITORY
from tests.e2e.jackd import JackServer

LISTING = "from gansynth_live.cli.devices import devices; devices()"
WITHOUT_LIBRARIES = f"""
import ctypes, ctypes.util, sys
class Missing(ctypes.CDLL):
    def __init__(self, name, *arguments, **options):
        if "jack" in str(name):
            raise OSError(name)
        super().__init__(name, *arguments, **options)
ctypes.CDLL = Missing
ctypes.util.find_library = lambda name: None
sys.modules["supriya_midi"] = None
{LISTING}
"""


def listing(program: str) -> str:
    """What a fresh process finds: PortAudio looks only once in each."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.jack
def test_a_jack_server_brings_a_device_its_own_rate_and_midi(jack_server: JackServer) -> None:
    found = listing(LISTING)
    assert "system (JACK Audio Connection Kit, 48000 Hz, default)" in found
    assert f"48000 Hz, blocks of {jack_server.block} frames" in found


@pytest.mark.jack
def test_a_device_with_one_channel_is_listed_too(jack_server: JackServer) -> None:
    jack_server.stop()
    jack_server.speakers = 1
    jack_server.start()
    found = listing(LISTING)
    assert "system (JACK Audio Connection Kit, 48000 Hz, mono, default)" in found


def test_each_missing_library_is_named_with_what_to_install() -> None:
    found = listing(WITHOUT_LIBRARIES)
    for cure in ("install libportaudio2", "install jackd2 or pipewire-jack", "install libasound2"):
        assert cure in found


def test_the_libraries_do_not_chatter(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    devices()
    said = capfd.readouterr()
    assert "JACK server (" in said.out
    assert said.err == ""
