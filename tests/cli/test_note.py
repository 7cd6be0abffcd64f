"""One note into a file."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.cli.conftest import Run


def test_a_named_instrument(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "note.wav"
    assert run("note", "--instrument", "cello", "--pitch", 57, "-o", out) == (0, "", "")
    samples, rate = soundfile.read(out, dtype="float32")
    assert (rate, samples.shape) == (16_000, (64_000,))
    assert soundfile.info(out).subtype == "FLOAT"
    spectrum = np.abs(np.fft.rfft(samples[8000:40000]))
    assert spectrum[430:450].max() > 0.1 * spectrum.max()


def test_both_inversions_at_another_rate(run: Run, tmp_path: Path) -> None:
    for inversion in ("faithful", "phase-locked"):
        options = ("--seed", "5", "--inversion", inversion, "--sample-rate", "48000")
        assert run("note", *options, "-o", tmp_path / f"{inversion}.wav").code == 0
    first, second = (soundfile.read(tmp_path / f"{i}.wav")[0] for i in ("faithful", "phase-locked"))
    assert first.shape == second.shape == (192_000,)
    assert not np.array_equal(first, second)


def test_the_same_seed_is_the_same_note(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("note", "--seed", "7", "-o", tmp_path / f"{name}.wav").code == 0
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_a_latent_from_a_file(run: Run, tmp_path: Path) -> None:
    latent = tmp_path / "z.npy"
    np.save(latent, np.random.default_rng(1).standard_normal((1, 256)))
    assert run("note", "--latent", latent, "-o", tmp_path / "a.wav").code == 0


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.full(256, 1e300), "does not hold 256 finite numbers"),
        (np.full(256, 1j), "no NumPy file with numbers"),
        (np.zeros(3), "does not hold 256 finite numbers"),
        (np.full(256, np.nan), "does not hold 256 finite numbers"),
        (np.array(["a"] * 256), "no NumPy file with numbers"),
        (np.array([{}] * 256), "no NumPy file with numbers"),
    ],
)
def test_a_bad_latent(run: Run, tmp_path: Path, array: NDArray[Any], reason: str) -> None:
    latent = tmp_path / "z.npy"
    np.save(latent, array)
    outcome = run("note", "--latent", latent, "-o", tmp_path / "a.wav")
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert reason in outcome.err
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize(
    "header", ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "{'a': (((("]
)
def test_a_latent_with_a_lying_header(run: Run, tmp_path: Path, header: str) -> None:
    latent = tmp_path / "z.npy"
    latent.write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + header.ljust(117).encode() + b"\n")
    outcome = run("note", "--latent", latent, "-o", tmp_path / "a.wav")
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert "no NumPy file with numbers" in outcome.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "choose one timbre"),
        (["--seed", "1", "--instrument", "cello"], "choose one timbre"),
        (["--instrument", ""], "no instrument ''"),
        (["--instrument", "celo"], "did you mean 'cello'"),
        (["--seed", "1", "--pitch", "10"], "the model knows pitches 24..84, not 10"),
        (["--latent", "absent.npy"], "cannot read absent.npy: No such file"),
        (["--seed", "1", "--model", "absent"], "absent"),
    ],
)
def test_mistakes(run: Run, tmp_path: Path, options: list[str], reason: str) -> None:
    outcome = run("note", *options, "-o", tmp_path / "a.wav")
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert reason in outcome.err


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a", "absent/a.wav"])
def test_files_that_cannot_be_written(run: Run, tmp_path: Path, name: str) -> None:
    outcome = run("note", "--seed", "1", "-o", tmp_path / name)
    assert outcome.code == 2
    assert f"cannot write {tmp_path / name}" in outcome.err
    assert not any(tmp_path.glob("**/*.wav"))


def test_a_folder_in_the_way(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    outcome = run("note", "--seed", "1", "-o", tmp_path / "a.wav")
    assert outcome == (
        2,
        "",
        f"gansynth-live: error: cannot write {tmp_path / 'a.wav'}: it is a folder; "
        "name a file in it\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
def test_a_disk_that_takes_no_more(run: Run, tmp_path: Path) -> None:
    import resource

    assert run("note", "--seed", "1", "-o", tmp_path / "warm.wav").code == 0
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        outcome = run("note", "--seed", "1", "-o", tmp_path / "a.wav")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert outcome.code == 2
    assert outcome.err.endswith("a.wav: File too large\n")
    assert [path.name for path in tmp_path.glob("*.wav")] == ["warm.wav"]
