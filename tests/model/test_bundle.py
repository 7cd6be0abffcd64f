import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.errors import ModelError
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.latent.living import Living
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle, load_bundle, write_bundle
from gansynth_live.model.living.file import pack_livings
from gansynth_live.model.normaliser import Constants, PerBin
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.recordings import Recordings
from gansynth_live.model.spec import ModelSpec

SPEC = ModelSpec(
    name="toy",
    licence="none",
    sample_rate=16000,
    latent_size=5,
    low_pitch=40,
    high_pitch=46,
    mel_bins=16,
    stft=Stft(32, 8, 4, 40),
    normaliser=Constants(0.1, 0.0, 0.8, 0.0),
    family=Progressive(2, 8, channels=(6, 4), alphas=(0.25, 0.75)),
)
INSTRUMENTS = {"one": np.ones(5, np.float32), "two": np.arange(5, dtype=np.float32)}


def weights(spec: ModelSpec = SPEC, dtype: type = np.float32) -> dict[str, Any]:
    draw = np.random.default_rng(0)
    return {name: draw.normal(size=shape).astype(dtype) for name, shape in spec.tensors().items()}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS)
    return tmp_path / "toy"


def rewrite(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change model.json."""
    spec = json.loads((bundle / "model.json").read_text())
    change(spec)
    (bundle / "model.json").write_text(json.dumps(spec))


def replace_file(bundle: Path, name: str, content: bytes) -> None:
    """Replace a file and its sum."""
    (bundle / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    rewrite(bundle, lambda spec: spec["files"].update({name: digest}))


def refused(bundle: Path, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as caught:
        load_bundle(bundle)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_comes_back_as_written(tmp_path: Path, dtype: type) -> None:
    tensors = weights(dtype=dtype)
    write_bundle(tmp_path / "toy", SPEC, tensors, INSTRUMENTS, import_note=b"{}")
    loaded = load_bundle(tmp_path / "toy")
    assert msgspec.structs.replace(loaded.spec, files={}) == SPEC
    assert list(loaded.instruments) == ["one", "two"]
    np.testing.assert_array_equal(loaded.instruments["two"], INSTRUMENTS["two"])
    assert set(loaded.weights) == set(tensors)
    for name, tensor in loaded.weights.items():
        assert tensor.dtype == np.float32
        np.testing.assert_array_equal(tensor, tensors[name])


RECORDINGS = Recordings(
    {"two": [0, 0, -1, 1, 1, 2, 2]}, np.arange(15, dtype=np.float16).reshape(3, 5)
)


def test_keys_play_their_recordings(tmp_path: Path) -> None:
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, recordings=RECORDINGS)
    loaded = load_bundle(tmp_path / "toy")
    assert set(loaded.weights) == set(weights())
    for pitch, row in zip(range(40, 47), RECORDINGS.rows["two"], strict=True):
        expected = INSTRUMENTS["two"] if row < 0 else RECORDINGS.latents[row]
        np.testing.assert_array_equal(loaded.latent("two", pitch), expected)
        np.testing.assert_array_equal(loaded.latent("one", pitch), INSTRUMENTS["one"])


@pytest.mark.parametrize("name", ["recordings.json", "recordings.safetensors"])
def test_recordings_come_with_their_latents(tmp_path: Path, name: str) -> None:
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, recordings=RECORDINGS)
    rewrite(tmp_path / "toy", lambda spec: spec["files"].pop(name))
    refused(tmp_path / "toy", f"{name}; the bundle is incomplete")


def test_keys_without_recordings_play_the_instrument(bundle: Path) -> None:
    loaded = load_bundle(bundle)
    np.testing.assert_array_equal(loaded.latent("two", 40), INSTRUMENTS["two"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[", "damaged"),
        (b'{"two": [0, 0, 0, 1, 1, 2]}', "6 rows for 7 pitches"),
        (b'{"two": [0, 0, 0, 1, 1, 2, -2]}', "not in -1"),
        (b'{"two": [0, 0, 0, 1, 1, 2, 65536]}', "not in -1"),
        (b'{"two": [0, 0, 0, 1, 1, 2, 3]}', "shape"),
        (b'{"two": [0, 0, 0, 1, 1, 2, 1e300]}', "recordings"),
        (b'{"three": [0, 0, 0, 1, 1, 2, 2]}', "no instrument"),
        (b"{}", "shape"),
    ],
)
def test_bad_recordings(tmp_path: Path, text: bytes, reason: str) -> None:
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, recordings=RECORDINGS)
    replace_file(tmp_path / "toy", "recordings.json", text)
    refused(tmp_path / "toy", reason)


def test_digest_follows_the_contents(tmp_path: Path, bundle: Path) -> None:
    write_bundle(tmp_path / "other", SPEC, weights(), {"one": np.zeros(5, np.float32)})
    assert load_bundle(bundle).digest != load_bundle(tmp_path / "other").digest


def test_never_writes_over_anything(bundle: Path) -> None:
    with pytest.raises(ModelError, match="exists already"):
        write_bundle(bundle, SPEC, weights(), INSTRUMENTS)


def test_never_leaves_half_a_bundle(tmp_path: Path) -> None:
    tensors = weights()
    tensors["block_1.conv0.bias"][0] = np.inf
    with pytest.raises(ModelError, match="not finite"):
        write_bundle(tmp_path / "toy", SPEC, tensors, INSTRUMENTS)
    assert list(tmp_path.iterdir()) == []


def test_missing_parent_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot write"):
        write_bundle(tmp_path / "no" / "toy", SPEC, weights(), INSTRUMENTS)


@pytest.mark.parametrize("name", ["model.json", "weights.safetensors", "instruments.json"])
def test_missing_file(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    refused(bundle, name)


@pytest.mark.parametrize("name", ["none", "x" * 3000, "a\0b", "\udce9"])
def test_no_directory(tmp_path: Path, name: str) -> None:
    refused(tmp_path / name, "no such model directory")


@pytest.mark.parametrize("name", ["weights.safetensors", "instruments.json"])
def test_any_changed_byte_is_noticed(bundle: Path, name: str) -> None:
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(content)
    refused(bundle, "sha256")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"unheard": 1}, "unheard"),
        ({"format": 2}, "format|`\\$.format"),
        ({"latent_size": 0}, "latent_size"),
        ({"latent_size": 1 << 40}, "latent_size"),
        ({"latent_size": "5"}, "latent_size"),
        ({"latent_size": 6}, "shape"),
        ({"low_pitch": 47}, "low_pitch"),
        ({"low_pitch": -1}, "low_pitch"),
        ({"sample_rate": 1}, "sample_rate"),
        ({"mel_bins": 12}, "mel_bins"),
        ({"mel_bins": 8}, "do not grow"),
        ({"stft": {"fft_size": 32, "hop": 8, "frames": 4, "samples": 41000}}, "samples"),
        ({"stft": {"fft_size": 32, "hop": 8, "frames": 5, "samples": 40}}, "do not grow"),
        ({"normaliser": {"type": "unknown"}}, "normaliser"),
        ({"family": {"type": "unknown"}}, "family"),
        ({"files": {}}, "incomplete"),
        ({"files": {"weights.safetensors": "0"}}, "files"),
        ({"files": {"../../etc/passwd": "0" * 64}}, "passwd"),
    ],
)
def test_bad_field(bundle: Path, change: dict[str, Any], reason: str) -> None:
    rewrite(bundle, lambda spec: spec.update(change))
    refused(bundle, reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"alphas": [0.5]}, "alphas"),
        ({"alphas": [0.5, 0.6]}, "add up"),
        ({"alphas": [1.0, 0.0]}, "must be 0"),
        ({"kernel_size": 5}, "kernel_size"),
        ({"channels": []}, "channels"),
        ({"channels": [6, 4, 4], "alphas": [0, 0.25, 0.75]}, "do not grow"),
        ({"channels": [6, 5]}, "shape"),
        ({"start_frames": 3}, "do not grow"),
    ],
)
def test_bad_family_setting(bundle: Path, change: dict[str, Any], reason: str) -> None:
    rewrite(bundle, lambda spec: spec["family"].update(change))
    refused(bundle, reason)


def test_unknown_file_listed(bundle: Path) -> None:
    rewrite(bundle, lambda spec: spec["files"].update({"run_me.py": "0" * 64}))
    refused(bundle, "run_me.py")


@pytest.mark.parametrize("scale", [0.0, 1e-45])
def test_useless_normaliser(bundle: Path, scale: float) -> None:
    rewrite(bundle, lambda spec: spec["normaliser"].update(magnitude_scale=scale))
    refused(bundle, "normaliser")


def test_per_bin_normaliser_is_a_tensor(tmp_path: Path) -> None:
    spec = msgspec.structs.replace(SPEC, normaliser=PerBin())
    write_bundle(tmp_path / "toy", spec, weights(spec), INSTRUMENTS)
    assert load_bundle(tmp_path / "toy").weights["normaliser"].shape == (16, 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{}", "0 instruments"),
        (b"[", "instruments"),
        (b'{"one": [1, 2]}', "one"),
        (b'{"one": [1, 2, 3, 4, 1e300]}', "finite"),
        (b'{"one": [1, 2, 3, 4, "5"]}', "instruments"),
        (b'{"a\\nb": [1, 2, 3, 4, 5]}', "no name"),
        (b'{"": [1, 2, 3, 4, 5]}', "no name"),
        (b"\xff\xfe", "instruments"),
    ],
)
def test_bad_instruments(bundle: Path, text: bytes, reason: str) -> None:
    replace_file(bundle, "instruments.json", text)
    refused(bundle, reason)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_model_json_is_refused_or_sound(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged") / "toy"
    write_bundle(folder, SPEC, weights(), INSTRUMENTS)
    content = bytearray((folder / "model.json").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "model.json").write_bytes(content)
    try:
        loaded: Bundle | None = load_bundle(folder)
    except ModelError:
        loaded = None
    assert loaded is None or loaded.spec.problem() is None
    shutil.rmtree(folder)


def test_vibrato_comes_back_as_written(tmp_path: Path) -> None:
    vibrato = {"two": Vibrato(5.5, 9.0, 0.25)}
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, vibrato=vibrato)
    assert load_bundle(tmp_path / "toy").vibrato == vibrato


def test_living_comes_back_as_written_and_must_be_of_its_instruments(tmp_path: Path) -> None:
    living = {"two": Living((1.0, 2.0, 3.0, 3.0, 2.0, 1.0), (2.0, 4.0), 0.25, 5.0)}
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, living=living)
    assert load_bundle(tmp_path / "toy").living == living
    for text, reason in (
        (b"[", "living"),
        (b'{"one": {"depths": [1], "rates": [1, 1], "common": 0, "common_rate": 1}}', "living"),
        (pack_livings({"nobody": living["two"]}), r"living\.json: 'nobody' is no instrument"),
    ):
        replace_file(tmp_path / "toy", "living.json", text)
        refused(tmp_path / "toy", reason)


def test_a_bundle_without_vibrato_has_none(bundle: Path) -> None:
    assert not (bundle / "vibrato.json").exists()
    assert load_bundle(bundle).vibrato == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[", "vibrato"),
        (b'{"three": {"rate": 5, "depth": 5, "delay": 0}}', "three"),
        (b'{"one": {"rate": 5, "depth": 5}}', "delay"),
        (b'{"one": {"rate": 0, "depth": 5, "delay": 0}}', "rate"),
        (b'{"one": {"rate": 5, "depth": 1e9, "delay": 0}}', "depth"),
        (b'{"one": {"rate": 5, "depth": 5, "delay": -1}}', "delay"),
        (b'{"one": {"rate": 5, "depth": 5, "delay": 0, "shape": 1}}', "shape"),
        (b'{"one": {"rate": NaN, "depth": 5, "delay": 0}}', "vibrato"),
    ],
)
def test_bad_vibrato(tmp_path: Path, text: bytes, reason: str) -> None:
    vibrato = {"one": Vibrato(5.5, 9.0, 0.25)}
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, vibrato=vibrato)
    replace_file(tmp_path / "toy", "vibrato.json", text)
    refused(tmp_path / "toy", reason)


def test_weights_that_changed_since_they_were_checked_are_refused(bundle: Path) -> None:
    opened = load_bundle(bundle)
    name = next(iter(opened.weights))
    assert opened.weights[name].dtype == np.float32
    other = bundle.parent / "other"
    write_bundle(other, SPEC, {n: 0 * tensor for n, tensor in weights().items()}, INSTRUMENTS)
    (other / "weights.safetensors").replace(bundle / "weights.safetensors")
    with pytest.raises(ModelError, match="has changed since"):
        opened.weights[name]
    (bundle / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match="has changed since"):
        opened.weights[name]


@pytest.mark.parametrize("field", ["magnitude_scale", "magnitude_offset", "frequency_scale"])
@pytest.mark.parametrize("value", [1e18, -1e18, 1e-18])
def test_a_normaliser_out_of_all_proportion(bundle: Path, field: str, value: float) -> None:
    if field == "magnitude_offset" and abs(value) < 1:
        value = 100.0
    rewrite(bundle, lambda spec: spec["normaliser"].update({field: value}))
    refused(bundle, "out of all proportion|zero or not finite")


def test_a_file_that_the_description_does_not_name(bundle: Path) -> None:
    (bundle / "vibrato.json").write_text("{}")
    refused(bundle, r"vibrato\.json: model\.json does not name it")
