"""What is typed while `play` plays, in a world of fakes."""

import logging
from pathlib import Path

import pytest

from gansynth_live.cli.typed import HELP, TypedCommands
from gansynth_live.log import SHOWN
from tests.eventually import eventually
from tests.test_session import World


def test_words_load_save_undo_and_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_DATA_DIR", str(tmp_path / "data"))
    caplog.set_level(SHOWN, "gansynth_live")
    logging.getLogger("gansynth_live").propagate = True
    world = World(tmp_path, monkeypatch)

    def said() -> str:
        return caplog.messages[-1]

    with world.session() as session:
        commands = TypedCommands(session)
        for line, answer in (
            ("", "panic: silence"),
            ("u", "nothing to undo"),
            ("r", "nothing to do again"),
            ("load nothing", "no preset 'nothing'"),
            ("save a/b", "cannot name a preset"),
            ("save Mine", "saved: "),
            ("save Mine", "you have a preset 'Mine' already"),
            ("load mine", "loaded: Mine"),
            ("u", "undone"),
            ("r", "done again"),
            ("c", "as loaded"),
            ("c", "as edited"),
            ("learn", "nothing is being learnt"),
            ("learn voice.atack", "did you mean 'voice.attack'?"),
            ("learn effects.plate", "turn the knob for effects.plate"),
            ("learn", "no longer"),
            ("what", HELP),
        ):
            commands.obey(line)
            assert answer in said(), line
        assert (tmp_path / "data" / "presets" / "Mine.gansynth.json").exists()
        commands.obey("k")
        eventually(lambda: "the take is not kept: nothing was played yet" in said())
