import os
from pathlib import Path

import pytest

from gansynth_live.batch.sources import find_sources
from tests.batch.songs import song


def test_folders_are_searched_and_keep_their_shape(tmp_path: Path) -> None:
    for name in ("b.mid", "a.MIDI", "deep/er/c.mid"):
        song(tmp_path / "in" / name, 60)
    (tmp_path / "in" / "notes.txt").touch()
    alone = song(tmp_path / "alone.rmi", 60)
    found = find_sources([tmp_path / "in", alone])
    assert [str(source.name) for source in found] == [
        "a.wav",
        "b.wav",
        "deep/er/c.wav",
        "alone.wav",
    ]
    assert found[2].path == tmp_path / "in" / "deep/er/c.mid"
    assert not any(source.problem for source in found)


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    one = song(tmp_path / "in" / "a.mid", 60)
    (tmp_path / "link.mid").symlink_to(one)
    assert len(find_sources([tmp_path / "in", one, one])) == 1
    assert len(find_sources([one, tmp_path / "link.mid"])) == 2


def test_two_files_for_one_name_are_told_apart(tmp_path: Path) -> None:
    first = song(tmp_path / "a.mid", 60)
    other = song(tmp_path / "a.midi", 62)
    kept, refused = find_sources([tmp_path])
    assert (kept.path, kept.problem) == (first, "")
    assert refused.path == other
    assert "as that of" in refused.problem
    assert "rename one" in refused.problem


def test_links_that_lead_round_and_round_end(tmp_path: Path) -> None:
    song(tmp_path / "a.mid", 60)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(find_sources([tmp_path])) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_is_closed_is_said(tmp_path: Path) -> None:
    song(tmp_path / "a.mid", 60)
    (tmp_path / "closed").mkdir(mode=0)
    found = find_sources([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert [source.problem for source in found] == ["", "cannot be looked into: Permission denied"]
