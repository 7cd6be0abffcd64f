"""A legato line while the blend moves: kept, and heard again bit for bit."""

import numpy as np
import pytest

from gansynth_live.instrument import open_instrument
from gansynth_live.takes.replay import Replay
from tests.eventually import eventually
from tests.takes.test_takes import PATIENCE, RATE, Stage


@pytest.mark.parametrize("mode", ["mono", "legato"])
def test_a_line_is_heard_again_bit_for_bit(mode: str) -> None:
    instrument = open_instrument(None, "phase-locked", RATE)
    stage = Stage(instrument, f"voice.mode={mode}", "voice.glide=0.05")
    stage.synth.start()
    try:
        assert stage.synth.renders.wait_until_ready(timeout=PATIENCE)
        stage.run(3.0)
        for message in (
            (0x90, 60, 100),
            (0xB0, 1, 64),
            (0x90, 67, 70),
            (0xB0, 1, 110),
            (0x80, 67, 0),
        ):
            stage.play(message)
            stage.run(0.4, by_the_clock=True)
        eventually(lambda: len({each.serial for each in stage.recorder.keep().switches}) == 3)
        take = stage.recorder.keep()
        played = stage.since(take.start)[:, : take.end - take.start]
        assert np.abs(played).max() > 0.02
        replay = Replay(take, instrument, workers=1)
        assert replay.differences == []
        sound = np.concatenate(list(replay.blocks()), axis=1)
        np.testing.assert_array_equal(sound[:, : played.shape[1]], played)
    finally:
        stage.synth.close()
