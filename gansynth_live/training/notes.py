"""A set of notes on disk: which instrument and pitch each one is, its wave and its mel-IF image.

A folder holds notes.json, waves.npy (int16 [n, 64000] at 16 kHz) and images.npy (float16
[n, 2, 128, 1024]). Arrays are mapped, not read: several processes share one copy.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing

LOW_PITCH, HIGH_PITCH = 24, 84
SAMPLES = 64000
IMAGE_SHAPE = (2, 128, 1024)
HELD_OUT_EVERY = 20


@dataclass(frozen=True)
class NoteSet:
    """Notes of named instruments, at most one for each (instrument, pitch).

    Attributes:
        names, families: [instruments] str.
        instrument, pitch: [notes] int64; pitch is the MIDI key.
        held_out: [notes] bool: never trained on.
        recording: [notes] int64: which recording of the source a note was played from, counted
            from 1; 0 where the source does not tell.
    """

    names: list[str]
    families: list[str]
    instrument: NDArray[np.int64]
    pitch: NDArray[np.int64]
    held_out: NDArray[np.bool_]
    waves: NDArray[np.int16]
    images: NDArray[np.float16]
    recording: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pitch)

    def wave(self, note: int) -> NDArray[np.float32]:
        """[64000] in -1..1."""
        wave: NDArray[np.float32] = self.waves[note].astype(np.float32) / 32767
        return wave

    def lookup(self) -> NDArray[np.int64]:
        """[instruments, 61]: the note of each cell, -1 where there is none or it is held out."""
        table = np.full((len(self.names), HIGH_PITCH - LOW_PITCH + 1), -1, np.int64)
        kept = np.flatnonzero(~self.held_out)
        table[self.instrument[kept], self.pitch[kept] - LOW_PITCH] = kept
        return table

    def recordings(self) -> NDArray[np.int64]:
        """[instruments, 61]: the recording of each cell, 0 where no trained cell is of the same."""
        table = np.zeros((len(self.names), HIGH_PITCH - LOW_PITCH + 1), np.int64)
        known = np.isin(self.recording, self.recording[~self.held_out])
        table[self.instrument, self.pitch - LOW_PITCH] = np.where(known, self.recording, 0)
        return table

    def at_borders(self) -> NDArray[np.bool_]:
        """[notes]: whether the same instrument has another recording a semitone away."""
        table = np.zeros((len(self.names), HIGH_PITCH - LOW_PITCH + 3), np.int64)  # a key more
        column = self.pitch - LOW_PITCH + 1  # on either side
        table[self.instrument, column] = self.recording
        sides = np.stack([table[self.instrument, column + step] for step in (-1, 1)])
        differs: NDArray[np.bool_] = ((sides > 0) & (sides != self.recording)).any(axis=0)
        return differs


def open_notes(folder: Path) -> NoteSet:
    """The set of notes in `folder`.

    Raises:
        UsageError: there is none, or it is incomplete.
    """
    try:
        index = json.loads((folder / "notes.json").read_text())
        waves = np.load(folder / "waves.npy", mmap_mode="r")
        images = np.load(folder / "images.npy", mmap_mode="r")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder} holds no set of notes ({error}); make one with `gansynth-live train data`"
        ) from error
    cells = np.array(index["cells"], np.int64).reshape(-1, 3)
    recording = np.array(index.get("recordings", [0] * len(cells)), np.int64)
    if not len(cells) == len(waves) == len(images) == len(recording):
        raise UsageError(f"{folder} is incomplete; make it again with `gansynth-live train data`")
    return NoteSet(
        index["names"],
        index["families"],
        cells[:, 0],
        cells[:, 1],
        cells[:, 2].astype(bool),
        waves,
        images,
        recording,
    )


def write_index(
    folder: Path,
    names: list[str],
    families: list[str],
    cells: NDArray[np.int64],
    recordings: NDArray[np.int64] | None = None,
) -> None:
    """Write notes.json, last: the set is complete.

    Args:
        cells: [n, 3]: instrument, pitch, held out.
        recordings: [n], counted from 1, where the source tells which recording it plays.
    """
    index = {"names": names, "families": families, "cells": cells.tolist()}
    if recordings is not None:
        index["recordings"] = recordings.tolist()
    with replacing(folder / "notes.json") as beside:
        beside.write_text(json.dumps(index))


def is_held_out(number: int, pitch: int) -> bool:
    """Whether the cell of instrument `number` at a MIDI pitch is kept for evaluation (1 in 20)."""
    return (7 * number + 3 * (pitch - LOW_PITCH)) % HELD_OUT_EVERY == 0
