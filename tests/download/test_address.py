"""What may be asked for, and what it is called."""

import pytest

from gansynth_live.download.address import STORAGE, beneath, is_archive, resolve, suggested_name
from gansynth_live.errors import UsageError

PUBLISHED = f"{STORAGE}/magentadata/models/gansynth"


@pytest.mark.parametrize(
    ("what", "url", "name"),
    [
        ("acoustic_only", f"{PUBLISHED}/acoustic_only.zip", "acoustic_only"),
        ("all_instruments", f"{PUBLISHED}/all_instruments.zip", "all_instruments"),
        ("gs://bucket/a b/mödel", f"{STORAGE}/bucket/a%20b/m%C3%B6del", "mödel"),
        ("gs://bucket/folder/", f"{STORAGE}/bucket/folder", "folder"),
        ("http://localhost:8000/x.zip#top", "http://localhost:8000/x.zip", "x"),
        ("https://a.org/x.zip?sig=%2F&b=c", "https://a.org/x.zip?sig=%2F&b=c", "x"),
        (
            "https://a.org/js/acoustic/weights_manifest.json",
            "https://a.org/js/acoustic",
            "acoustic",
        ),
        ("https://a.org", "https://a.org", ""),
    ],
)
def test_addresses(what: str, url: str, name: str) -> None:
    assert resolve(what) == url
    assert suggested_name(url) == name
    assert is_archive(url) == ("zip" in url)


def test_files_in_a_folder() -> None:
    assert beneath("https://a.org/x?key=1", "b c/d") == "https://a.org/x/b%20c/d?key=1"


@pytest.mark.parametrize(
    "what",
    [
        "acoustic",
        "ftp://a.org/x.zip",
        "file:///etc/passwd",
        "https://",
        "http://[::1/x",
        "",
        "gs:/x",
        "x" * 9999,
    ],
)
def test_no_addresses(what: str) -> None:
    with pytest.raises(UsageError, match="is no model to get; give acoustic_only or"):
        resolve(what)


def test_addresses_with_passwords() -> None:
    with pytest.raises(UsageError, match="user's name"):
        resolve("https://me:secret@a.org/x.zip")


def test_a_file_that_is_here(tmp_path: object) -> None:
    with pytest.raises(UsageError, match="gansynth-live model import"):
        resolve(str(tmp_path))
