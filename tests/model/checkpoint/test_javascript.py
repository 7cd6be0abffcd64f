"""Magenta.js' form of a model is the same model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import CheckpointError
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.checkpoint.importer import import_checkpoint
from gansynth_live.model.checkpoint.manifest import parse_manifest
from gansynth_live.model.checkpoint.variables import AVERAGED, variable_name
from gansynth_live.model.generator import open_generator
from tests.model.checkpoint.javascript import averaged_variables, step, write_javascript

MANIFEST = "weights_manifest.json"


@pytest.fixture
def javascript(golden: Path, tmp_path: Path) -> Path:
    """The model `small` in Magenta.js' form, in full numbers."""
    return write_javascript(tmp_path / "js", averaged_variables(golden / "small"))


def edited(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The folder, with the first group of its manifest changed."""
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest[0])
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def refused(folder: Path, reason: str) -> None:
    with pytest.raises(CheckpointError, match=reason) as caught:
        import_checkpoint(folder, folder.parent / "bundle")
    assert "\n" not in str(caught.value)
    assert not (folder.parent / "bundle").exists()


def test_it_is_the_same_model(
    javascript: Path, imported: Callable[[str], Bundle], tmp_path: Path
) -> None:
    note = import_checkpoint(javascript, tmp_path / "bundle", name="small")
    assert (note.raw, note.quantised, len(note.averaged)) == ([], [], 30)
    assert MANIFEST in note.sha256
    assert len(note.sha256) == 1 + len(list(javascript.glob("group1*")))
    bundle, same = load_bundle(tmp_path / "bundle"), imported("small")
    assert said_of(bundle) == said_of(same)
    for name, weight in same.weights.items():
        np.testing.assert_array_equal(bundle.weights[name], weight)
    ours, theirs = (
        open_generator(model, 1).begin(same.instruments["random 1"][None], np.array([60]))
        for model in (bundle, same)
    )
    np.testing.assert_array_equal(ours.frames(0, 16), theirs.frames(0, 16))


def said_of(bundle: Bundle) -> dict[str, Any]:
    """All that model.json says, but for the sums."""
    return {name: getattr(bundle.spec, name) for name in bundle.spec.__struct_fields__[:-1]}


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float16"])
def test_few_bits_are_within_a_step(
    golden: Path, tmp_path: Path, imported: Callable[[str], Bundle], kind: str
) -> None:
    variables = averaged_variables(golden / "small")
    folder = write_javascript(tmp_path / "js", variables, kind)
    note = import_checkpoint(folder, tmp_path / "bundle")
    assert sorted(note.quantised) == sorted(variables)
    bundle = load_bundle(tmp_path / "bundle")
    for name, weight in imported("small").weights.items():
        if kind == "float16":
            np.testing.assert_array_equal(bundle.weights[name], weight.astype(np.float16))
        else:
            half = step(variables[variable_name(name) + AVERAGED], kind) / 2
            np.testing.assert_allclose(bundle.weights[name], weight, rtol=1e-6, atol=half * 1.001)


def test_it_may_come_as_an_archive(
    javascript: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    with ZipFile(tmp_path / "js.zip", "w") as archive:
        for path in javascript.iterdir():
            archive.write(path, f"js/{path.name}")
    assert len(import_checkpoint(tmp_path / "js.zip", tmp_path / "bundle").averaged) == 30


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda group: group["weights"].pop(), "bytes, but weights_manifest.json says"),
        (lambda group: group["paths"].pop(), "bytes, but weights_manifest.json says"),
        (lambda group: group["paths"].append("absent"), "absent: No such file"),
        (lambda group: group["paths"].append("../js/x"), "leads out of its folder"),
        (lambda group: group["paths"].append("/etc/passwd"), "leads out of its folder"),
        (lambda group: group["weights"][0].update(name="x"), "no variable|do not belong"),
        (lambda group: group["weights"][3].update(dtype="int32"), "not float32"),
        (lambda group: group["weights"][0].update(dtype="string"), "damaged"),
        (lambda group: group["weights"][0].update(shape=[-1]), "damaged"),
        (lambda group: group["weights"][0].update(shape=[1 << 20, 1 << 20]), "impossible shape"),
    ],
)
def test_what_is_no_such_model(
    javascript: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    refused(edited(javascript, change), reason)


def test_numbers_that_are_not_finite(javascript: Path) -> None:
    shard = next(javascript.glob("group1-shard1of*"))
    shard.write_bytes(b"\xff" * shard.stat().st_size)
    refused(javascript, "not finite")


def test_another_network(golden: Path, tmp_path: Path) -> None:
    variables = averaged_variables(golden / "small")
    name = next(name for name in variables if "1/conv0/conv2d/kernel" in name)
    variables[name] = variables[name][:1]
    refused(write_javascript(tmp_path / "js", variables), "do not belong together")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_garbage(content: bytes) -> None:
    try:
        groups = parse_manifest(content)
    except CheckpointError:
        return
    assert all(group.size >= 0 for group in groups)
