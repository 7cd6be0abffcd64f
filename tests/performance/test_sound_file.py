"""Sound files of any length, through links, on full disks."""

import resource
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.io import wavfile

from gansynth_live.errors import UsageError
from gansynth_live.performance.sound_file import float_header, float_wav, sound_file

BLOCK = np.full((100, 2), 0.25, np.float32)
LONGEST_WAV = 2**32 // 6


@pytest.mark.parametrize(
    ("name", "most", "kind"),
    [
        ("a.wav", 0, "WAV"),
        ("a.wav", LONGEST_WAV - 4096, "WAV"),
        ("a.WAV", LONGEST_WAV, "RF64"),
        ("a.flac", LONGEST_WAV, "FLAC"),
    ],
)
def test_a_wav_that_may_pass_4_gib_is_rf64(tmp_path: Path, name: str, most: int, kind: str) -> None:
    with sound_file(tmp_path / name, 48_000, 2, most) as write:
        write(BLOCK)
    info = soundfile.info(tmp_path / name)
    assert (info.format, info.frames) == (kind, 100)
    assert np.array_equal(soundfile.read(tmp_path / name, dtype="float32")[0], BLOCK)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    target, link = tmp_path / "music" / "target.wav", tmp_path / "link.wav"
    link.symlink_to(target)
    with sound_file(link, 48_000, 2) as write:
        write(BLOCK)
    assert link.is_symlink()
    assert soundfile.info(target).frames == 100


def test_a_link_to_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("/dev/null")
    with (
        pytest.raises(UsageError, match="no regular file"),
        sound_file(tmp_path / "a.wav", 48_000, 2),
    ):
        pass


def test_the_systems_own_reason_is_told(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limit[1]))
    try:
        with (
            pytest.raises(UsageError, match=r"a\.wav: File too large"),
            sound_file(tmp_path / "a.wav", 48_000, 2) as write,
        ):
            write(np.tile(BLOCK, (1000, 1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert not any(tmp_path.iterdir())


def test_float_samples_are_written_as_scipy_does(tmp_path: Path) -> None:
    samples = np.linspace(-1.0, 1.0, 1001, dtype=np.float32)
    with float_wav(tmp_path / "blocks.wav", 16_000, len(samples)) as write:
        write(samples[:400])
        write(samples[400:])
    wavfile.write(tmp_path / "whole.wav", 16_000, samples)
    assert (tmp_path / "blocks.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()


@pytest.mark.parametrize(("frames", "kind"), [((1 << 30) - 20, "WAV"), (1 << 30, "RF64")])
def test_float_samples_may_pass_4_gib(tmp_path: Path, frames: int, kind: str) -> None:
    with (tmp_path / "a.wav").open("wb") as file:
        file.write(float_header(16_000, frames))
        file.truncate(file.tell() + 4 * frames)  # a hole, which takes no room
    info = soundfile.info(tmp_path / "a.wav")
    assert (info.format, info.subtype, info.frames) == (kind, "FLOAT", frames)
