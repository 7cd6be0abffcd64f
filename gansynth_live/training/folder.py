"""A set of notes from sound files: a folder of WAVs named by pitch, or NSynth's json and wavs.

A folder of WAVs has one folder for each instrument; a file's name holds its pitch, as a MIDI key
(`piano/060.wav`) or as a note (`piano/C#4.wav`, C4 is 60).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.training.levels import level
from gansynth_live.training.notes import (
    HIGH_PITCH,
    LOW_PITCH,
    SAMPLES,
    is_held_out,
    write_index,
)
from gansynth_live.training.render import create_arrays, store
from gansynth_live.training.tuning import SAMPLE_RATE

SUFFIXES = {".wav", ".flac", ".aif", ".aiff", ".ogg"}
SEMITONES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
NOTE_NAME = re.compile(r"(?<![a-z])([a-g])([#sb]?)(-?\d)(?!\d)", re.IGNORECASE)
KEY_NUMBER = re.compile(r"(?<!\d)(\d{2,3})(?!\d)")


@dataclass(frozen=True)
class NoteFile:
    """A recording of one note."""

    path: Path
    instrument: str
    family: str
    pitch: int


def from_folder(source: Path) -> list[NoteFile]:
    """Notes of a folder that has one folder of sound files for each instrument.

    Raises:
        UsageError: no file's name tells a pitch within 24..84.
    """
    files = [
        NoteFile(path, path.parent.name, "recorded", pitch)
        for path in sorted(source.glob("*/*"))
        if path.suffix.lower() in SUFFIXES and (pitch := pitch_in_name(path.stem)) is not None
    ]
    return _playable(files, source, "INSTRUMENT/060.wav or INSTRUMENT/C4.wav")


def from_nsynth(source: Path, velocity: int = 100) -> list[NoteFile]:
    """Notes of a part of NSynth (examples.json beside audio/) at one velocity.

    Raises:
        UsageError: the layout is another.
    """
    try:
        examples = json.loads((source / "examples.json").read_text())
        files = [
            NoteFile(
                source / "audio" / f"{name}.wav",
                str(example["instrument_str"]),
                str(example["instrument_family_str"]),
                int(example["pitch"]),
            )
            for name, example in sorted(examples.items())
            if int(example["velocity"]) == velocity
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{source} is no part of NSynth ({error}); give the folder of examples.json"
        ) from error
    return _playable(files, source, "NSynth notes at this velocity")


def pitch_in_name(stem: str) -> int | None:
    """MIDI key that a file's name tells, or None: the last note name or number in it."""
    if names := NOTE_NAME.findall(stem):
        letter, accidental, octave = names[-1]
        shift = {"": 0, "#": 1, "s": 1, "b": -1}[accidental.lower()]
        return SEMITONES[letter.lower()] + shift + 12 * (int(octave) + 1)
    if numbers := KEY_NUMBER.findall(stem):
        return int(numbers[-1])
    return None


def store_files(files: list[NoteFile], folder: Path, progress: Callable[[str], None]) -> None:
    """Read, level and analyse the notes into a set in `folder`; the first of equal cells counts.

    Raises:
        UsageError: a file cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cells = list({(file.instrument, file.pitch): file for file in reversed(files)}.values())[::-1]
    names = sorted({file.instrument for file in cells})
    families = {file.instrument: file.family for file in cells}
    create_arrays(folder, len(cells))
    rows = []
    for index, file in enumerate(cells):
        store(folder, index, read_note(file.path)[None])
        number = names.index(file.instrument)
        rows.append((number, file.pitch, int(is_held_out(number, file.pitch))))
        progress(file.path.name)
    write_index(folder, names, [families[name] for name in names], np.array(rows, np.int64))


def read_note(path: Path) -> NDArray[np.float32]:
    """A sound file as a levelled note: mono, 16 kHz, cut or filled to 4 s.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        sound, sample_rate = soundfile.read(path, always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise UsageError(f"cannot read {path}: {error}; remove it or convert it") from error
    mono = soxr.resample(sound.mean(1), sample_rate, SAMPLE_RATE)[:SAMPLES]
    return level(np.pad(mono, (0, SAMPLES - len(mono))))


def _playable(files: list[NoteFile], source: Path, wanted: str) -> list[NoteFile]:
    kept = [file for file in files if LOW_PITCH <= file.pitch <= HIGH_PITCH]
    if not kept:
        raise UsageError(f"{source} holds no notes of {LOW_PITCH}..{HIGH_PITCH}; expected {wanted}")
    return kept
