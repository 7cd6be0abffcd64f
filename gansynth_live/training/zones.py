"""Which recordings a soundfont plays for a key: its zones, read from the tables of the SF2 file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError

KEY_RANGE, VELOCITY_RANGE, INSTRUMENT, SAMPLE = 43, 44, 41, 53  # generators of a zone
RECORDS = {
    "phdr": np.dtype(
        [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("unused", "V12")]
    ),
    "pbag": np.dtype([("generator", "<u2"), ("modulator", "<u2")]),
    "pgen": np.dtype([("kind", "<u2"), ("amount", "<u2")]),
    "inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    "ibag": np.dtype([("generator", "<u2"), ("modulator", "<u2")]),
    "igen": np.dtype([("kind", "<u2"), ("amount", "<u2")]),
}

Table = NDArray[np.void]
Zone = dict[int, int]  # amounts by kind of generator


class Zones:
    """The zones of a soundfont's presets.

    Raises:
        UsageError: the file cannot be read or is no SF2 file.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._tables = _tables(path)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{path} is not a readable soundfont ({error})") from error

    def recording(self, bank: int, program: int, key: int, velocity: int) -> tuple[int, ...]:
        """Numbers of the samples that sound for a key, in order; empty where none does.

        The two sides of a stereo recording, and all layers of a key, are one recording.
        """
        samples: set[int] = set()
        for preset_zone in self._preset(bank, program):
            if INSTRUMENT in preset_zone and _sounds(preset_zone, key, velocity):
                number = preset_zone[INSTRUMENT]
                samples.update(
                    zone[SAMPLE]
                    for zone in self._zones("inst", "ibag", "igen", number)
                    if SAMPLE in zone and _sounds(zone, key, velocity)
                )
        return tuple(sorted(samples))

    def _preset(self, bank: int, program: int) -> Iterator[Zone]:
        headers = self._tables["phdr"][:-1]
        rows = np.flatnonzero((headers["bank"] == bank) & (headers["program"] == program))
        if len(rows):
            yield from self._zones("phdr", "pbag", "pgen", int(rows[0]))

    def _zones(self, headers: str, bags: str, generators: str, row: int) -> Iterator[Zone]:
        """Zones of one preset or instrument, each with what a global first zone sets for all."""
        first, last = (int(self._tables[headers]["bag"][row + k]) for k in (0, 1))
        end = INSTRUMENT if headers == "phdr" else SAMPLE
        everywhere: Zone = {}
        for bag in range(first, last):
            start, stop = (int(self._tables[bags]["generator"][bag + k]) for k in (0, 1))
            rows = self._tables[generators][start:stop]
            zone = dict(zip(rows["kind"].tolist(), rows["amount"].tolist(), strict=True))
            if bag == first and end not in zone:
                everywhere = zone
            else:
                yield everywhere | zone


def recording_numbers(
    zones: Zones, presets: list[tuple[int, int]], keys: range, velocity: int
) -> NDArray[np.int64]:
    """Recording [presets, keys] of each (bank, program) at each key, counted from 1; 0 for none.

    Presets do not share numbers, though the font may give them the same samples.
    """
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    table = np.zeros((len(presets), len(keys)), np.int64)
    for row, (bank, program) in enumerate(presets):
        for column, key in enumerate(keys):
            if samples := zones.recording(bank, program, key, velocity):
                table[row, column] = known.setdefault((row, samples), len(known) + 1)
    return table


def _sounds(zone: Zone, key: int, velocity: int) -> bool:
    return all(
        (span := zone.get(kind, 127 << 8)) & 0xFF <= value <= span >> 8
        for kind, value in ((KEY_RANGE, key), (VELOCITY_RANGE, velocity))
    )


def _tables(path: Path) -> dict[str, Table]:
    """The tables of RECORDS; the samples themselves are skipped."""
    font = np.memmap(path, np.uint8, "r")
    if bytes(font[:4]) != b"RIFF" or bytes(font[8:12]) != b"sfbk":
        raise ValueError("not an SF2 file")
    lists = {bytes(data[:4]): data[4:] for _, data in _chunks(font[12:])}
    found = {name.decode("latin-1"): data for name, data in _chunks(lists[b"pdta"])}
    return {name: found[name].view(dtype) for name, dtype in RECORDS.items()}


def _chunks(data: NDArray[np.uint8]) -> Iterator[tuple[bytes, NDArray[np.uint8]]]:
    """Names and contents of the chunks of a RIFF list, one after the other."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(bytes(data[at + 4 : at + 8]), "little")
        yield bytes(data[at : at + 4]), data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
