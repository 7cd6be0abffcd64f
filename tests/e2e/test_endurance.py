"""What a stage does to an instrument, often: servers that die, and signals at any moment."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import REPOSITORY
from tests.drivers.test_jack import AUDIO, MIDI
from tests.drivers.test_patchbay import Source
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.program import Program
from tests.e2e.take import record

pytestmark = [pytest.mark.jack, pytest.mark.slow, pytest.mark.timeout(1800)]

LOADED_PLAY = "gansynth_live.bench.loaded_play"
KILLS, SIGNALS = 20, 50
PATIENCE = 30.0
LOST, BACK = "the audio device is lost;", "the audio device is back:"
NOTICED_SECONDS, BACK_SECONDS, EXIT_SECONDS = 0.5, 2.0, 1.0
KEPT = 0.25  # of the times at least are within these: the machine may be busy with other things
NOTE_SECONDS = 0.5  # of silence before a note


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "settings"))


def seconds_until(condition: Callable[[], bool]) -> float:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() < start + PATIENCE
        time.sleep(0.002)
    return time.monotonic() - start


def said(synth: Program, line: str, times: int) -> Callable[[], bool]:
    return lambda: synth.errors.count(line) == times


def wiring(server: JackServer, ports: list[str]) -> dict[str, list[str]]:
    """What the ports are connected to."""
    connections = server.connections()
    return {port: sorted(connections.get(port, [])) for port in ports}


def wired(server: JackServer, connections: dict[str, list[str]]) -> Callable[[], bool]:
    return lambda: wiring(server, list(connections)) == connections


def test_a_server_that_dies_again_and_again(jack_server: JackServer, tmp_path: Path) -> None:
    noticed: list[float] = []
    back: list[float] = []
    rate, draw = jack_server.sample_rate, np.random.default_rng(1)
    note = [(int(NOTE_SECONDS * rate), [0x90, 69, 127]), (rate, [0xB0, 120, 0])]
    with Program(tmp_path, LOADED_PLAY, "--instruments", "cello,flute") as synth:
        synth.signal(signal.SIGUSR2)  # from now on the interpreter's lock is fought over
        for number in range(1, KILLS + 1):
            source = Source("Sequencer")
            if number == 1:
                source.do("connect", MIDI)
            seconds_until(lambda: wiring(jack_server, [MIDI])[MIDI] == ["Sequencer:out"])
            speakers = wiring(jack_server, AUDIO)
            source.hold_a_chord_with_the_pedal()
            for value in range(0, 128, 16):
                source.do("send", 0xB0, 1, value)
            jack_server.kill()
            noticed.append(seconds_until(said(synth, LOST, number)))
            source.kill()
            time.sleep(draw.uniform(0.0, 2.0))  # how long the server is away
            jack_server.start()
            seconds = seconds_until(said(synth, BACK, number))
            back.append(seconds + seconds_until(wired(jack_server, speakers)))
            take = record(jack_server, Order(MIDI, AUDIO, note, 1.5), tmp_path)
            start = take.origin - int(take.starts[0]) + int(NOTE_SECONDS * rate)
            assert np.abs(take.samples[:, :start]).max() == 0.0
            assert np.abs(take.samples[:, start:]).max() > 0.01
        assert synth.stop() == 0
    print(f"noticed {np.round(np.sort(noticed), 3)}, back {np.round(np.sort(back), 3)}")
    assert "Traceback" not in synth.errors
    assert np.quantile(noticed, KEPT) <= NOTICED_SECONDS
    assert np.quantile(back, KEPT) <= BACK_SECONDS


def test_a_signal_at_any_moment(jack_server: JackServer, tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    exits: dict[bool, list[float]] = {False: [], True: []}
    for number in range(SIGNALS):
        sent = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3]
        is_ready = number % 2 == 1
        synth = subprocess.Popen(
            [sys.executable, "-m", "gansynth_live", "play", "--instruments", "cello"],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if is_ready:
            assert synth.stdout is not None
            assert synth.stdout.readline().startswith("ready")
        time.sleep(draw.uniform(0.0, 1.0) if is_ready else draw.uniform(0.5, 4.0))
        moment = time.monotonic()
        synth.send_signal(sent)
        try:
            out, errors = synth.communicate(timeout=PATIENCE)
        finally:
            synth.kill()  # one that did not end
        exits[is_ready].append(time.monotonic() - moment)
        assert synth.returncode in (0, 128 + sent)
        assert synth.returncode == 0 or not is_ready
        assert "Traceback" not in out + errors
        assert MIDI not in jack_server.ports()
    left = [path for path in tmp_path.rglob("*") if path.name.startswith(".unfinished")]
    assert left == []
    for is_ready, seconds in exits.items():
        print(f"ready: {is_ready}; exit after {np.round(np.sort(seconds), 2)} s")
    assert np.quantile(exits[True], KEPT) <= EXIT_SECONDS
