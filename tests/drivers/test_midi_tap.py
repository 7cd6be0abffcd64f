"""MIDI inputs without an instrument: those of a private JACK server."""

from contextlib import closing

import pytest

from gansynth_live.drivers.midi_tap import MidiTap
from gansynth_live.errors import DeviceError
from tests.drivers.jack_midi import JackMidi, keyboard
from tests.e2e.jackd import JackServer

PATIENCE = 10.0


@pytest.mark.jack
def test_every_input_is_heard(jack_server: JackServer) -> None:
    with (
        keyboard("Left") as left,
        keyboard("Right") as right,
        closing(MidiTap(JackMidi())) as tap,
    ):
        assert len(tap.names) == 2
        left.send_message([0xB0, 21, 5])
        right.send_message([0xB1, 22, 6])
        heard = set()
        for message in tap.messages(PATIENCE):
            if message is not None:
                heard.add(bytes(message))
            if len(heard) == 2:
                break
    assert heard == {bytes([0xB0, 21, 5]), bytes([0xB1, 22, 6])}


@pytest.mark.jack
def test_an_input_that_is_not_there_is_said(jack_server: JackServer) -> None:
    with keyboard("Left"), pytest.raises(DeviceError, match=r"no MIDI input .*Left"):
        MidiTap(JackMidi(), ["Right"])
