"""Zip archives: the models in them, and what they are refused for."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.errors import CheckpointError
from gansynth_live.model.bundle import load_bundle
from gansynth_live.model.checkpoint import archive
from gansynth_live.model.checkpoint.archive import unpacked
from gansynth_live.model.checkpoint.importer import import_checkpoint
from tests.model.checkpoint.conftest import MakeModel

Pack = Callable[..., Path]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which archives are unpacked."""
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "unpacked"


@pytest.fixture
def pack(make_model: MakeModel, tmp_path: Path, cache: Path) -> Pack:
    """Writes an archive with a small model under `root`, and whatever else."""
    model = make_model()

    def write(root: str = "acoustic_only/", **more: bytes) -> Path:
        path = tmp_path / "acoustic_only.zip"
        with ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            for file in model.rglob("*"):
                opened.write(file, root + file.relative_to(model).as_posix())
            for name, content in more.items():
                opened.writestr(root + name, content)
        return path

    return write


def refused(path: Path, reason: str) -> None:
    with pytest.raises(CheckpointError, match=reason) as caught, unpacked(path):
        pass
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not any((path.parent / "cache" / "unpacked").iterdir())


@pytest.mark.parametrize("root", ["", "acoustic_only/", "deep/down/here/"])
def test_a_model_is_imported_from_an_archive(pack: Pack, root: str, tmp_path: Path) -> None:
    note = import_checkpoint(pack(root), tmp_path / "bundle")
    assert note.source == load_bundle(tmp_path / "bundle").spec.name == "acoustic_only"
    assert not any((tmp_path / "cache/unpacked").iterdir())


def test_what_no_import_reads_is_not_unpacked(pack: Pack) -> None:
    more = {
        "stage_00004/graph.pbtxt": b"a graph" * 100_000,
        "stage_00002/model.ckpt-9.index": b"an earlier one",
        "notes.txt": b"",
        "__MACOSX/experiment.json": b"",
    }
    with unpacked(pack(**more)) as folder:
        files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert files == {
        "experiment.json",
        "stage_00004/model.ckpt-20.index",
        "stage_00004/model.ckpt-20.data-00000-of-00001",
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil", "leads out"),
        ("a/../../evil", "leads out"),
        ("/etc/evil", "leads out"),
        ("C:/evil", "leads out"),
        ("..\\evil", "leads out"),
        ("\\\\host\\share\\evil", "leads out"),
        ("a\\b", "no name of a file everywhere"),
        ("file:stream", "no name of a file everywhere"),
        ("a\nb", "no name of a file everywhere"),
    ],
)
def test_paths_that_leave_the_folder(pack: Pack, name: str, reason: str) -> None:
    path = pack()
    with ZipFile(path, "a") as opened:
        opened.writestr(name, b"x")
    refused(path, reason)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(pack: Pack, kind: int) -> None:
    path = pack()
    member = ZipInfo("acoustic_only/assets/link")
    member.external_attr = (kind | 0o777) << 16
    with ZipFile(path, "a") as opened:
        opened.writestr(member, "/etc/passwd")
    refused(path, "link or a device")


def test_bombs(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(zeros=bytes(8 << 20))
    refused(path, "'acoustic_only/zeros' grows too much")
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 20)
    refused(path, "8 MiB in it")
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    refused(path, "no model has over 3")


def test_a_member_that_is_longer_than_it_says(pack: Pack) -> None:
    path = pack()
    content = path.read_bytes()
    with ZipFile(path) as opened:
        size = opened.getinfo("acoustic_only/experiment.json").file_size
    where = content.rindex(b"acoustic_only/experiment.json") - 46 + 24  # in the central directory
    assert content[where : where + 4] == size.to_bytes(4, "little")
    path.write_bytes(content[:where] + (size - 10).to_bytes(4, "little") + content[where + 4 :])
    refused(path, "Bad CRC-32")


def test_the_same_file_twice(pack: Pack) -> None:
    path = pack()
    with ZipFile(path, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr("acoustic_only/experiment.json", b"{}")
    refused(path, "twice")


def test_encrypted_or_rarely_packed(pack: Pack, tmp_path: Path) -> None:
    path = pack()
    content = bytearray(path.read_bytes())
    content[content.rindex(b"acoustic_only/experiment.json") - 46 + 8] |= 1
    path.write_bytes(content)
    refused(path, "encrypted")
    with ZipFile(path, "w", zipfile.ZIP_LZMA) as opened:
        opened.writestr("experiment.json", b"{}")
    refused(path, "packed in a rare way")


def test_no_model_or_two(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "some.zip"
    with ZipFile(path, "w") as opened:
        opened.writestr("readme.txt", b"")
    refused(path, "not a GANSynth model")
    with ZipFile(path, "a") as opened:
        opened.writestr("a/experiment.json", b"")
        opened.writestr("b/weights_manifest.json", b"")
    refused(path, "two models in it, a and b")


def test_cut_off_or_no_archive(pack: Pack) -> None:
    path = pack()
    content = path.read_bytes()
    for kept in (0, 1, 1000, len(content) - 1):
        path.write_bytes(content[:kept])
        refused(path, "is it a whole zip file")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))))
def test_damage_is_found_or_harmless(cache: Path, damage: list[tuple[float, bytes]]) -> None:
    path = cache.parent.parent / "damaged.zip"
    with ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("m/experiment.json", b"{}" * 20)
        opened.writestr("m/assets/a.npz", bytes(range(256)))
    content = bytearray(path.read_bytes())
    for where, what in damage:
        start = int(where * len(content))
        content[start : start + len(what)] = what
    path.write_bytes(content)
    try:
        with unpacked(path) as folder:
            contents = {file.read_bytes() for file in folder.rglob("*") if file.is_file()}
            assert contents <= {b"{}" * 20, bytes(range(256))}
    except CheckpointError:
        pass
    assert not any(cache.iterdir())
