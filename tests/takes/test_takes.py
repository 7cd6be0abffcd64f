"""What was played is kept, and heard again bit for bit."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import stft

from gansynth_live.config import load_config
from gansynth_live.editor import Editor
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.midi import read_song
from gansynth_live.synth import Synth
from gansynth_live.takes.keeping import put_down, to_midi
from gansynth_live.takes.recorder import Recorder
from gansynth_live.takes.replay import Replay
from gansynth_live.takes.take import Take, read
from tests.eventually import eventually
from tests.tuning.scales import equal

RATE = 16_000
BLOCK = 128
PATIENCE = 200.0
LOUD_DB = -60.0
SETTINGS = ["cache.megabytes=128", "render.workers=1", "effects.plate=0.3", "effects.ensemble=0.2"]


class Stage:
    """A synth that is played by hand, block by block, and recorded."""

    def __init__(self, instrument: Instrument, *others: str) -> None:
        config = load_config(None, [*SETTINGS, *others])
        self.recorder = Recorder(config, instrument)
        self.synth = Synth(config, instrument, pytest.fail, self.recorder.switched)
        self.recorder.listen_to(self.synth)
        self.editor = Editor(self.synth, instrument, edited=self.recorder.edited)
        self.blocks: list[NDArray[np.float32]] = []

    def run(self, seconds: float, *, by_the_clock: bool = False) -> None:
        """Time passes; as it does for a player, if renders are to come in time for voices."""
        began = time.monotonic()
        for number in range(int(seconds * RATE / BLOCK)):
            if by_the_clock:
                time.sleep(max(began + number * BLOCK / RATE - time.monotonic(), 0.0))
            self.blocks.append(self.synth.advance(BLOCK))
            self.synth.attend()
            self.recorder.attend()

    def play(self, *messages: tuple[int, int, int]) -> None:
        for message in messages:
            self.synth.send(*message)

    def since(self, frame: int) -> NDArray[np.float32]:
        return np.concatenate(self.blocks, axis=1)[:, frame:]


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


@pytest.fixture(scope="module")
def stage(instrument: Instrument) -> Iterator[Stage]:
    stage = Stage(instrument)
    with pytest.raises(UsageError, match="nothing was played yet"):
        stage.recorder.keep()
    stage.synth.start()
    assert stage.synth.renders.wait_until_ready(timeout=PATIENCE)
    stage.run(0.1)
    stage.play((0x90, 48, 100), (0xB0, 74, 90), (0xB0, 7, 80))
    stage.run(0.5)
    stage.play((0x80, 48, 0))
    stage.run(12.0)  # until the plate is silent and the instrument rests
    assert stage.synth.renders.wait_until_ready(timeout=PATIENCE)
    stage.play((0x90, 60, 100), (0x90, 64, 70), (0xB0, 1, 64))
    stage.run(0.7, by_the_clock=True)
    stage.play((0xE0, 0, 80), (0x80, 60, 0), (0x90, 67, 127), (0xB0, 1, 110))
    stage.run(0.7, by_the_clock=True)
    eventually(lambda: len({switch.serial for switch in stage.recorder.keep().switches}) == 3)
    yield stage
    stage.synth.close()


@pytest.fixture(scope="module")
def take(stage: Stage) -> Take:
    take = stage.recorder.keep()
    assert any(switch.start > 0 for switch in take.switches), "no voice went over to another blend"
    return take


def test_a_take_begins_with_the_rest_before_the_last_notes(take: Take) -> None:
    assert take.notes == 3
    assert 2 * RATE < take.start < take.events[0].frame
    assert [event.data1 for event in take.events if event.serial] == [60, 64, 67]


def test_it_is_heard_again_bit_for_bit_from_its_file(
    stage: Stage, take: Take, instrument: Instrument, tmp_path: Path
) -> None:
    again = read(put_down(take, tmp_path))
    assert again == take
    replay = Replay(again, instrument, workers=1)
    assert replay.differences == []
    sound = np.concatenate(list(replay.blocks()), axis=1)
    played = stage.since(take.start)[:, : take.end - take.start]
    assert np.abs(played).max() > 0.05
    np.testing.assert_array_equal(sound[:, : played.shape[1]], played)
    assert np.abs(sound[:, -BLOCK:]).max() < 1e-3, "it ends in silence"


def test_its_midi_file_has_the_notes_at_their_frames(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(to_midi(take))
    struck = [event for event in read_song(path).events if event.is_note_on]
    assert [event.data1 for event in struck] == [60, 64, 67]
    frames = [event.frame for event in take.events if event.serial]
    seconds = [(frame - frames[0]) / RATE for frame in frames]
    assert [event.time for event in struck] == pytest.approx(seconds, abs=1e-4)


def test_at_another_rate_it_sounds_alike_and_the_difference_is_said(
    stage: Stage, take: Take
) -> None:
    """At this one there is air, which the renders of the take had not: their rate is threefold."""
    rate = 22_050
    replay = Replay(take, open_instrument(None, "phase-locked", rate, air=1.0), workers=1)
    assert replay.differences == ["it is played at 22050 Hz, not 16000 Hz"]
    played = stage.since(take.start)[:, : take.end - take.start]
    sound = np.concatenate(list(replay.blocks()), axis=1)
    levels = [bands(each, of) for each, of in ((sound, rate), (played, RATE))]
    frames = levels[1].shape[1]
    apart = np.abs(levels[0][:, :frames] - levels[1])[levels[1] > LOUD_DB]
    assert apart.size > 200
    assert apart.mean() < 2.7  # dB; 3.5 where voices go over three times as soon


def bands(sound: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Levels of octaves from 125 Hz to 4 kHz in every 20 ms, dB, [5, frames]."""
    hertz, _, transform = stft(
        sound.mean(axis=0), rate, nperseg=rate // 10, noverlap=rate // 10 - rate // 50
    )
    power = np.abs(transform) ** 2
    edges = 125.0 * 2.0 ** np.arange(6)
    inside = [(hertz >= low) & (hertz < high) for low, high in pairwise(edges)]
    return 10 * np.log10(np.stack([power[each].sum(axis=0) for each in inside]) + 1e-12)


def test_a_tuning_that_changed_while_it_was_played_is_heard_again(
    stage: Stage, instrument: Instrument
) -> None:
    """Set in a rest, so that no note comes between; both sides of it are in the take."""
    stage.synth.fade()
    stage.run(12.0)
    stage.play((0x90, 61, 100))
    stage.run(0.5, by_the_clock=True)
    stage.play((0x80, 61, 0))
    stage.run(1.5)
    stage.editor.set(0, "tuning.scale", equal(24))
    stage.run(0.1)
    stage.play((0x90, 61, 100), (0x90, 72, 100))
    stage.run(0.5, by_the_clock=True)
    eventually(lambda: len({switch.serial for switch in stage.recorder.keep().switches}) == 3)
    take = stage.recorder.keep()
    stage.play((0x80, 61, 0), (0x80, 72, 0))
    stage.editor.undo()
    assert [edit.values for edit in take.edits] == [{"tuning.scale": equal(24)}]
    played = stage.since(take.start)[:, : take.end - take.start]
    sound = np.concatenate(list(Replay(take, instrument, workers=1).blocks()), axis=1)
    assert np.abs(sound[:, : played.shape[1]] - played).max() < 1e-3


def test_a_damaged_file_is_refused_in_one_line(take: Take, tmp_path: Path) -> None:
    path = put_down(take, tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ConfigError, match="is no take") as error:
        read(path)
    assert "\n" not in str(error.value)


def test_that_controllers_learnt_meanwhile_is_said(stage: Stage, instrument: Instrument) -> None:
    stage.recorder.learnt()
    replay = Replay(stage.recorder.keep(), instrument, workers=1)
    assert "controllers learnt meanwhile what to move; here they do not" in replay.differences
