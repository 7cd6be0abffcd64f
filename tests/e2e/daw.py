"""A real DAW without a screen: Ardour plays a MIDI track to the instrument and records it.

Ardour's Lua session makes and plays the project; in between the notes are put into the session
file, in the form in which Ardour itself saves a recorded MIDI region.
"""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

SCRIPTS = Path(__file__).parent / "ardour"
TICKS_PER_BEAT = 1920  # Ardour's own
BEAT_SECONDS = 0.5  # at 120 beats a minute, its default
PATIENCE_SECONDS = 90
DONE = "all is written"  # what a script says before it closes the session

Messages = list[tuple[int, list[int]]]  # tick, bytes


class ArdourError(Exception):
    """Ardour has fallen out of the JACK graph, or has crashed.

    Now and then two of its threads ask the server for connections at once while a session is being
    loaded, which JACK's library cannot bear. (That a session is not always closed without a damaged
    heap costs nothing: by then all is written.)
    """


@dataclass(frozen=True)
class Note:
    """A note on the time line, in ticks."""

    key: int
    start: int
    length: int

    def frame(self, sample_rate: int) -> float:
        """When it starts."""
        return self.start / TICKS_PER_BEAT * BEAT_SECONDS * sample_rate


def find_ardour() -> str | None:
    """Ardour's program for scripts, whatever its version; None where it is not installed."""
    return next(filter(None, (shutil.which(f"ardour{n}-lua") for n in (9, 8, 7, 6))), None)


def perform_in_ardour(
    folder: Path, notes: list[Note], midi: str, audio: list[str], sample_rate: int
) -> NDArray[np.float32]:
    """Have Ardour play `notes` to the JACK port `midi` and record the ports `audio`.

    One note must end before the next begins.

    Returns float32 [2, frames] from the start of the time line.

    Raises:
        ArdourError: nothing was played; a fresh server and another try are needed.
    """
    session = folder / "session"
    messages = []
    for note in notes:
        messages.append((note.start, [0x90, note.key, 100]))
        messages.append((note.start + note.length, [0x80, note.key, 64]))
    seconds = _make_session(session, messages, sample_rate)
    _run("play.lua", session, MIDI=midi, LEFT=audio[0], RIGHT=audio[1], SECONDS=str(seconds))
    takes = sorted((session / "interchange/session/audiofiles").glob("Take*.wav"))
    return np.stack([soundfile.read(take, dtype="float32")[0] for take in takes])


def export_from_ardour(
    folder: Path, messages: Messages, midi: str, ear: str, audio: list[str], sample_rate: int
) -> NDArray[np.float32]:
    """Have Ardour export, by freewheel, what the ports `audio` answer to `messages` at `midi`.

    Returns float32 [2, frames] from the start of the time line, in 16 bits with dither.

    Args:
        messages: (tick, bytes) in order.
        ear: another JACK port that gets what `midi` gets.

    Raises:
        ArdourError: nothing was played; a fresh server and another try are needed.
    """
    session = folder / "session"
    frames = int(_make_session(session, messages, sample_rate) * sample_rate)
    ports = {"MIDI": midi, "EAR": ear, "LEFT": audio[0], "RIGHT": audio[1]}
    _run("export.lua", session, FRAMES=str(frames), **ports)
    samples: NDArray[np.float32] = soundfile.read(session / "export/export.wav", dtype="float32")[0]
    return samples.T


def _make_session(session: Path, messages: Messages, sample_rate: int) -> float:
    """A session that plays messages, and its length in seconds: a beat more than they take."""
    ticks = messages[-1][0] + TICKS_PER_BEAT
    _run("make.lua", session, RATE=str(sample_rate))
    _write_midi(session / "interchange/session/midifiles/notes.mid", messages)
    _place_region(session / "session.ardour", "notes.mid", ticks)
    return ticks / TICKS_PER_BEAT * BEAT_SECONDS


def _run(script: str, session: Path, **variables: str) -> None:
    ardour = find_ardour()
    assert ardour is not None
    home = session.parent / "home"
    home.mkdir(exist_ok=True, parents=True)
    finished = subprocess.run(
        [ardour, str(SCRIPTS / script)],
        env={**os.environ, "HOME": str(home), "SESSION": str(session), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    said = finished.stdout + finished.stderr
    if DONE in finished.stdout.splitlines():
        return
    if finished.returncode < 0 or "JACK server has been closed" in said:
        raise ArdourError(f"{script} ended with {finished.returncode}:\n{said[-2000:]}")
    raise AssertionError(said)


def _write_midi(path: Path, messages: Messages) -> None:
    track, now = mido.MidiTrack(), 0
    for tick, message in messages:
        track.append(mido.Message.from_bytes(message, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track"))
    song = mido.MidiFile(type=0, ticks_per_beat=TICKS_PER_BEAT)
    song.tracks.append(track)
    song.save(path)


def _place_region(path: Path, source: str, ticks: int) -> None:
    """Add the MIDI file to the session: a source, a region of it, and the region on the track."""
    tree = ET.parse(path)  # noqa: S314 - Ardour has just written it
    root = tree.getroot()
    _forget_connections(root)
    counter = int(root.attrib["id-counter"])
    root.set("id-counter", str(counter + 4))
    number, whole, placed = (str(counter + n) for n in (1, 2, 3))
    ET.SubElement(_only(root, "Sources"), "Source", {"name": source, "type": "midi", "id": number})
    _only(root, "Regions").append(_region(source, whole, number, ticks, is_whole_file=True))
    track = _only(root, ".//Playlist[@name='Notes']")
    track.append(_region(f"{source}.1", placed, number, ticks, is_whole_file=False))
    tree.write(path, encoding="UTF-8", xml_declaration=True)


def _forget_connections(root: ET.Element) -> None:
    """The scripts make those they need.

    Every one that Ardour makes while it loads may cost the server (`ArdourError`): with them 6
    loads of 12 did, without 2.
    """
    for port in root.findall(".//Port[Connection]"):
        for connection in port.findall("Connection"):
            port.remove(connection)


def _region(name: str, number: str, source: str, ticks: int, *, is_whole_file: bool) -> ET.Element:
    return ET.Element(
        "Region",
        {
            "name": name,
            "id": number,
            "type": "midi",
            "source-0": source,
            "master-source-0": source,
            "whole-file": "1" if is_whole_file else "0",
            "start": "b0",
            "length": f"b{ticks}@b0",
            "opaque": "1",
            "muted": "0",
        },
    )


def _only(root: ET.Element, path: str) -> ET.Element:
    found = root.find(path)
    assert found is not None
    return found
