"""What has been rendered into a folder, so that it need not be rendered again.

rendered.jsonl has a line of JSON for each sound file: its name, a hash of all that it was made
from, and one of itself. The last line of a name counts. Lines are only ever added, each after its
file is whole: a run that is cut off at any moment, or two at once, cost no more than a render.
"""

import hashlib
import json
import os
from pathlib import Path

from gansynth_live.errors import UsageError

FILE = "rendered.jsonl"


class Record:
    """The record of a folder.

    Raises:
        UsageError: it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE
        self._made: dict[str, tuple[str, str]] = {}
        try:
            content = self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise UsageError(f"cannot read {self._path}: {error.strerror}") from error
        self._is_cut = not content.endswith(b"\n") and content != b""
        for line in content.splitlines():
            self._learn(line)

    def has(self, name: Path, key: str) -> bool:
        """Whether a sound file is there, made from what `key` says, and as it was then."""
        made_from, sound = self._made.get(os.fspath(name), ("", ""))
        if made_from != key:
            return False
        try:
            return digest_of(self._folder / name) == sound
        except OSError:
            return False

    def add(self, name: Path, key: str, sound: str) -> None:
        """Remember a sound file; `OSError` if the disk refuses."""
        entry = json.dumps({"file": os.fspath(name), "made_from": key, "sound": sound})
        begin = "\n" if self._is_cut else ""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{begin}{entry}\n")
        self._is_cut = False
        self._made[os.fspath(name)] = (key, sound)

    def _learn(self, line: bytes) -> None:
        """What a line says; one that was cut off, or that nobody here wrote, says nothing."""
        try:
            entry = json.loads(line)
            self._made[str(entry["file"])] = (str(entry["made_from"]), str(entry["sound"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return


def digest_of(path: Path) -> str:
    """Sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
