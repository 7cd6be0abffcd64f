"""Files appear whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gansynth_live import unfinished
from gansynth_live.errors import UsageError
from gansynth_live.files import read_bounded, replacing, require_place


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as beside:
        beside.write_text("whole")
        assert not path.exists()
        assert beside.suffix == ".txt"
    assert path.read_text() == "whole"


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")

    def break_off() -> None:
        with replacing(path) as beside:
            beside.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "before"


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".txt")
    with replacing(path) as beside:
        beside.write_text("whole")
    assert path.exists()


@pytest.mark.parametrize("name", ["absent/a.wav", "folder", "x" * 300])
def test_a_place_that_will_not_do_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot write"):
        require_place(tmp_path / name)
    with pytest.raises(UsageError, match="cannot write"), replacing(tmp_path / name):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_asking_for_a_place_leaves_nothing(tmp_path: Path) -> None:
    require_place(tmp_path / "a.wav")
    assert not any(tmp_path.iterdir())


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_bounded(path, 4)
    with pytest.raises(IsADirectoryError):
        read_bounded(tmp_path, 4)


@pytest.mark.skipif(sys.platform == "win32", reason="no holes in files there")
def test_a_file_that_is_far_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(OSError, match="larger than"):
        read_bounded(tmp_path / "a", (1 << 42) - 1)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
def test_what_might_never_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(OSError, match="no regular file"):
            read_bounded(tmp_path / name, 100)


def test_what_a_dead_process_left_is_swept(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from gansynth_live import unfinished\n"
        "unfinished.create(Path(sys.argv[1]), '.wav'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    of_another_machine = left.with_name(left.name.replace(left.name.split("-")[1], "0" * 8))
    of_another_machine.touch()
    mine = unfinished.create(tmp_path, ".wav")
    unfinished.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([of_another_machine, mine])
    unfinished.discard_all()
    assert list(tmp_path.iterdir()) == [of_another_machine]


def test_unfinished_folders_go_with_all_that_is_in_them(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from gansynth_live import unfinished\n"
        "(unfinished.create_folder(Path(sys.argv[1])) / 'file').touch(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "file").exists()
    unfinished.sweep(tmp_path)
    (unfinished.create_folder(tmp_path) / "mine").touch()
    assert left not in tmp_path.iterdir()
    unfinished.discard_all()
    assert not any(tmp_path.iterdir())
