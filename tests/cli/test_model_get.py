"""`gansynth-live model get`: models from a storage, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from gansynth_live.download import address, part
from gansynth_live.model.bundle import load_bundle
from gansynth_live.model.installed import models_folder
from tests.cli.conftest import Run, start
from tests.download.conftest import without_proxies
from tests.download.storage import Storage, serving
from tests.eventually import eventually
from tests.model.checkpoint.javascript import averaged_variables, write_javascript

PUBLISHED = "/magentadata/models/gansynth"


@pytest.fixture
def storage(golden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """A server in the place of Google's storage, with a model as Magenta published two."""
    without_proxies(monkeypatch)
    monkeypatch.setattr(part, "PAUSES", (0.0,))
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    archive = tmp_path / "acoustic_only.zip"
    with ZipFile(archive, "w", ZIP_DEFLATED) as opened:
        for file in (golden / "small").rglob("*"):
            opened.write(file, f"acoustic_only/{file.relative_to(golden / 'small').as_posix()}")
    with serving() as server:
        monkeypatch.setattr(address, "STORAGE", server.url)
        server.put(f"{PUBLISHED}/acoustic_only.zip", archive)
        yield server


def downloads(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache" / "downloads").glob("*/*"))


def test_a_model_of_magentas_is_got_by_its_name(run: Run, storage: Storage, tmp_path: Path) -> None:
    code, out, _ = run("model", "get", "acoustic_only")
    assert code == 0
    assert "30 averaged variables" in out
    assert "gansynth-live play --model acoustic_only" in out
    assert run("model", "list").out == "acoustic_only\n"
    assert storage.url in run("model", "info", "acoustic_only").out.replace("\n", "")
    assert (
        run("note", "--model", "acoustic_only", "--seed", "1", "-o", tmp_path / "a.wav").code == 0
    )
    assert not downloads(tmp_path)
    storage.requests.clear()
    code, _, err = run("model", "get", "acoustic_only")
    assert code == 2
    assert "you have a model 'acoustic_only' already" in err
    assert storage.requests == []


def test_a_folder_is_listed_and_got_as_far_as_needed(
    run: Run, storage: Storage, golden: Path
) -> None:
    storage.put("/somebody/models/mine", golden / "small_freqnorm")
    storage.put("/somebody/models/mine_too", golden / "small")
    storage.objects["/somebody/models/mine/stage_00012/graph.pbtxt"] = b"x"
    assert run("model", "get", "gs://somebody/models/mine", "--licence", "mine").code == 0
    bundle = load_bundle(models_folder() / "mine")
    assert (bundle.spec.name, bundle.spec.licence) == ("mine", "mine")
    asked = {path for path, _ in storage.requests}
    assert "/storage/v1/b/somebody/o" in asked
    assert not any("graph.pbtxt" in path or "mine_too" in path for path in asked)


@pytest.mark.parametrize("suffix", ["", "/weights_manifest.json"])
def test_magentas_javascript_form(
    run: Run, storage: Storage, golden: Path, tmp_path: Path, suffix: str
) -> None:
    folder = "/magentadata/js/checkpoints/gansynth/acoustic_only"
    variables = averaged_variables(golden / "small")
    storage.put(folder, write_javascript(tmp_path / "js", variables, "uint8"))
    code, out, err = run("model", "get", storage.url + folder + suffix)
    assert code == 0
    assert "acoustic_only/weights_manifest.json" in out
    assert "few bits" in err
    assert run("model", "list").out == "acoustic_only\n"
    assert "/storage/v1/b/magentadata/o" not in {path for path, _ in storage.requests}


def test_an_address_of_any_server(run: Run, storage: Storage, golden: Path) -> None:
    storage.objects["/download"] = storage.objects[f"{PUBLISHED}/acoustic_only.zip"]
    address_of_it = storage.url.replace("127.0.0.1", "localhost") + "/download?file=7"
    code, _, err = run("model", "get", address_of_it, "--name", "seven")
    assert (code, err) == (0, "")
    assert run("model", "list").out == "seven\n"


def test_offline_it_says_what_to_do(run: Run, storage: Storage, tmp_path: Path) -> None:
    with serving() as gone:
        pass
    code, _, err = run("model", "get", f"{gone.url}/models/acoustic_only.zip")
    assert (code, err.count("\n")) == (2, 1)
    assert f"cannot reach {gone.url.removeprefix('http://')}" in err
    assert f"get {gone.url}/models/acoustic_only.zip by other means" in err
    assert "gansynth-live model import acoustic_only.zip" in err
    assert not models_folder().exists() or not any(models_folder().iterdir())


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("/b/page.zip", b"<html>", "no zip archive"),
        ("/b/cut.zip", b"PK\x03\x04 and no more", "no zip archive"),
        ("/b/folder/readme", b"", "not a GANSynth model"),
        ("/b/folder/weights_manifest.json", b"[{}]", "the file is damaged"),
        ("/b/other/x", b"", "404"),
    ],
)
def test_what_is_no_model(
    run: Run, storage: Storage, tmp_path: Path, path: str, content: bytes, reason: str
) -> None:
    storage.objects[path] = content
    wanted = storage.url + (path if path.endswith(".zip") else "/b/folder")
    code, _, err = run("model", "get", wanted)
    assert (code, err.count("\n")) == (2, 1)
    assert reason in err or (path == "/b/other/x" and "not a GANSynth model" in err)
    assert not downloads(tmp_path)
    assert run("model", "list").out == ""


def test_unfit_names_are_refused_before_anything_is_fetched(run: Run, storage: Storage) -> None:
    code, _, err = run("model", "get", f"{storage.url}/b/a%20name.zip")
    assert code == 2
    assert "use --name" in err
    assert storage.requests == []


def test_what_a_killed_run_has_got_is_kept(
    run: Run, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{PUBLISHED}/acoustic_only.zip"
    size = len(storage.objects[path])
    storage.holds_back_after = size // 2
    with start("model", "get", storage.url + path) as first:
        eventually(lambda: any(path.stat().st_size for path in downloads(tmp_path)))
        assert "another gansynth-live" in run("model", "get", storage.url + path).err
        first.kill()
    storage.holds_back_after = None
    storage.requests.clear()
    assert run("model", "get", storage.url + path).code == 0
    (asked,) = [asked for asked in storage.ranges(path) if asked is not None]
    assert asked.startswith("bytes=")
    assert 0 < int(asked[6:-1]) <= size // 2


def test_nothing_half_made_is_left_by_a_damaged_model(
    run: Run, storage: Storage, tmp_path: Path, golden: Path
) -> None:
    storage.put("/b/damaged", golden / "small")
    data = "/b/damaged/stage_00012/model.ckpt-56.data-00000-of-00001"
    storage.objects[data] = bytes(len(storage.objects[data]))
    code, _, err = run("model", "get", "gs://b/damaged")
    assert (code, err.count("\n")) == (2, 1)
    assert "checksum" in err
    assert not downloads(tmp_path)
    assert run("model", "list").out == ""
