"""Settings may name the files of a tuning: what they hold takes the place of their names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gansynth_live.errors import TuningError
from gansynth_live.files import read_bounded
from gansynth_live.parameters.table import PART, TUNING, keys_of
from gansynth_live.tuning.lines import MOST_BYTES, text_of, without_comments


def with_tunings(tables: Mapping[str, Any], folder: Path, source: str) -> dict[str, Any]:
    """The same tables of settings with the texts of tuning files, of all parts and of each.

    Args:
        folder: that names of files count from.
        source: of the settings, for people.

    Raises:
        TuningError: one cannot be read, or says no tuning; begins with the source.
    """
    found = _with_texts(tables, folder, source)
    parts = found.get(PART)
    if isinstance(parts, list):
        found[PART] = [
            _with_texts(part, folder, source) if isinstance(part, dict) else part for part in parts
        ]
    return found


def _with_texts(tables: Mapping[str, Any], folder: Path, source: str) -> dict[str, Any]:
    section = tables.get(TUNING)
    if not isinstance(section, dict):
        return dict(tables)
    known = keys_of(TUNING)
    texts = {
        key: _text(value, folder, known[key].row.holds, f"{source}: {TUNING}.{key}")
        for key, value in section.items()
        if _names_file(value) and key in known and known[key].row.holds
    }
    return {**tables, TUNING: {**section, **texts}}


def _names_file(value: object) -> bool:
    """Whether it is a name: what the files hold has several lines."""
    return isinstance(value, str) and value != "" and "\n" not in value


def _text(name: str, folder: Path, reads: Any, what: str) -> str:
    path = folder / os.path.expanduser(name)  # noqa: PTH111 - Path.expanduser raises
    try:
        text = text_of(read_bounded(path, MOST_BYTES))
    except (OSError, ValueError) as error:  # ValueError: a name with a null in it
        reason = getattr(error, "strerror", None) or error
        raise TuningError(f"{what}: cannot read {path}: {reason}") from error
    try:
        reads(text)
    except TuningError as error:
        raise TuningError(f"{what}: {path}: {error}") from None
    return without_comments(text)
