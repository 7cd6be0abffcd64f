from pathlib import Path

import pytest

from gansynth_live.batch.record import FILE, Record, digest_of
from gansynth_live.errors import UsageError

NAME = Path("deep/a.wav")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one sound file, which is recorded."""
    (tmp_path / "deep").mkdir()
    (tmp_path / NAME).write_bytes(b"sound")
    Record(tmp_path).add(NAME, "key", digest_of(tmp_path / NAME))
    return tmp_path


def test_what_was_made_is_known_by_all_that_made_it(folder: Path) -> None:
    record = Record(folder)
    assert record.has(NAME, "key")
    assert not record.has(NAME, "another")
    assert not record.has(Path("b.wav"), "key")


@pytest.mark.parametrize("content", [b"", b"sounb", b"sound and more"])
def test_a_file_that_is_not_as_it_was_is_not_there(folder: Path, content: bytes) -> None:
    (folder / NAME).write_bytes(content)
    assert not Record(folder).has(NAME, "key")


def test_a_file_that_has_gone_is_not_there(folder: Path) -> None:
    (folder / NAME).unlink()
    assert not Record(folder).has(NAME, "key")


def test_the_last_word_counts(folder: Path) -> None:
    (folder / NAME).write_bytes(b"louder")
    Record(folder).add(NAME, "new key", digest_of(folder / NAME))
    assert not Record(folder).has(NAME, "key")
    assert Record(folder).has(NAME, "new key")


def test_a_line_that_was_cut_off_costs_only_itself(folder: Path) -> None:
    whole = (folder / FILE).read_bytes()
    (folder / "b.wav").write_bytes(b"b")
    for length in range(len(whole)):
        (folder / FILE).write_bytes(whole + whole[:length])
        Record(folder).add(Path("b.wav"), "b", digest_of(folder / "b.wav"))
        assert Record(folder).has(NAME, "key"), length
        assert Record(folder).has(Path("b.wav"), "b"), length


@pytest.mark.parametrize("line", [b"[]", b"1", b'{"file": "a.wav"}', b"\xff", b"[" * 100_000])
def test_lines_of_others_say_nothing(folder: Path, line: bytes) -> None:
    with (folder / FILE).open("ab") as file:
        file.write(line + b"\n")
    assert Record(folder).has(NAME, "key")


def test_a_record_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(UsageError, match="cannot read"):
        Record(tmp_path)
