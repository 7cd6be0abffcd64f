import struct
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.errors import UsageError
from gansynth_live.training.soundfont import FONT_DIRECTORIES
from gansynth_live.training.zones import Zones, recording_numbers

KEYS, VELOCITIES, INSTRUMENT, SAMPLE, PAN = 43, 44, 41, 53, 17

Zone = list[tuple[int, int]]  # generators and their amounts, in order


def span(low: int, high: int) -> int:
    return low | high << 8


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def tables(items: list[list[Zone]]) -> tuple[list[int], bytes, bytes]:
    """First zone of each item (and the end), the table of zones, and that of generators."""
    starts, bags, generators = [], b"", b""
    for zones in [*items, []]:
        starts.append(len(bags) // 4)
        for zone in zones:
            bags += struct.pack("<HH", len(generators) // 4, 0)
            generators += b"".join(struct.pack("<HH", *pair) for pair in zone)
    return starts, bags + struct.pack("<HH", len(generators) // 4, 0), generators


def write_font(
    path: Path, presets: dict[tuple[int, int], list[Zone]], instruments: list[list[Zone]]
) -> None:
    """An SF2 file of these zones, by (bank, program), and some samples that nobody reads."""
    starts, pbag, pgen = tables(list(presets.values()))
    heads = zip([*presets, (0, 0)], starts, strict=True)
    phdr = b"".join(struct.pack("<20sHHH12x", b"p", p, b, bag) for (b, p), bag in heads)
    starts, ibag, igen = tables(instruments)
    inst = b"".join(struct.pack("<20sH", b"i", bag) for bag in starts)
    named = {b"phdr": phdr, b"pbag": pbag, b"pgen": pgen, b"inst": inst, b"ibag": ibag}
    chunks = b"".join(chunk(name, data) for name, data in (named | {b"igen": igen}).items())
    samples = chunk(b"LIST", b"sdta" + chunk(b"smpl", b"\1" * 333))
    path.write_bytes(chunk(b"RIFF", b"sfbk" + samples + chunk(b"LIST", b"pdta" + chunks)))


@pytest.fixture
def zones(tmp_path: Path) -> Zones:
    """Preset 0:0 splits at key 60 into two instruments; 8:1 plays the second at loud velocities."""
    stereo: list[Zone] = [
        [(PAN, 0), (KEYS, span(0, 70))],  # global: what a zone does not say itself
        [(KEYS, span(0, 47)), (SAMPLE, 4)],
        [(KEYS, span(0, 47)), (SAMPLE, 3)],
        [(SAMPLE, 9), (VELOCITIES, span(0, 63))][::-1],
        [(KEYS, span(48, 127)), (VELOCITIES, span(64, 127)), (SAMPLE, 7)],
    ]
    single: list[Zone] = [[(SAMPLE, 7)]]
    presets: dict[tuple[int, int], list[Zone]] = {
        (0, 0): [[(KEYS, span(0, 59)), (INSTRUMENT, 0)], [(KEYS, span(60, 127)), (INSTRUMENT, 1)]],
        (8, 1): [[(VELOCITIES, span(90, 127))], [(INSTRUMENT, 1)]],
    }
    write_font(tmp_path / "font.sf2", presets, [stereo, single])
    return Zones(tmp_path / "font.sf2")


@pytest.mark.parametrize(
    ("key", "velocity", "expected"),
    [(40, 100, (3, 4)), (48, 100, (7,)), (48, 10, (9,)), (40, 63, (3, 4, 9)), (60, 10, (7,))],
)
def test_a_key_plays_the_samples_of_all_zones_it_lies_in(
    zones: Zones, key: int, velocity: int, expected: tuple[int, ...]
) -> None:
    assert zones.recording(0, 0, key, velocity) == expected


def test_a_global_zone_of_a_preset_bounds_them_all(zones: Zones) -> None:
    assert zones.recording(8, 1, 60, 90) == (7,)
    assert zones.recording(8, 1, 60, 89) == ()
    assert zones.recording(5, 5, 60, 90) == ()


def test_recordings_are_numbered_by_preset(zones: Zones) -> None:
    table = recording_numbers(zones, [(0, 0), (8, 1), (5, 5)], range(46, 50), 100)
    np.testing.assert_array_equal(table, [[1, 1, 2, 2], [3, 3, 3, 3], [0, 0, 0, 0]])


@pytest.mark.parametrize("content", [b"", b"no font", b"RIFF\0\0\0\0sfbkLIST"])
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "font.sf2").write_bytes(content)
    with pytest.raises(UsageError, match="not a readable soundfont"):
        Zones(tmp_path / "font.sf2")


def test_neighbouring_keys_of_a_piano_share_recordings() -> None:
    found = [path for folder in FONT_DIRECTORIES for path in sorted(Path(folder).glob("*.sf2"))]
    if not found:
        pytest.skip("no soundfont here")
    (row,) = recording_numbers(Zones(found[0]), [(0, 0)], range(24, 85), 100)
    assert row.min() > 0
    assert 3 < len(np.unique(row)) < len(row)
