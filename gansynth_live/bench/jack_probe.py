"""A process beside the instrument: sends notes at known frames and measures when they sound.

    python -m gansynth_live.bench.jack_probe NOTES

Plays NOTES short notes on the ports of `gansynth-live` and prints one JSON object: the delay of
each note in frames (null: not heard) and the late blocks that the server counted. Sender and
listener are two clients: one that did both would close a loop, which JACK cuts with a delay of one
block.
"""

import json
import sys
import time
from typing import Any

import jack
import numpy as np
from numpy.typing import NDArray

INSTRUMENT = "gansynth-live"
SILENCE = 1e-6
SPACING = 0.2  # seconds from one note to the next, about: offsets within a block vary
HELD = 0.04  # seconds that a note is held
LEAD_IN = 0.5  # seconds for the graph to calm down after clients came
KEY = 60  # always the same: each key's sound begins in its own way
ALL_SOUND_OFF = (0xB0, 120, 0)


class Sender:
    """Client that sends each message at the frame it is due."""

    def __init__(self, messages: list[tuple[int, tuple[int, int, int]]]) -> None:
        self.client = jack.Client("probe-sender", no_start_server=True)
        self.port = self.client.midi_outports.register("midi_out")
        self.origin = -1
        self._due = messages[::-1]
        self.client.set_process_callback(self._process)

    def _process(self, frames: int) -> None:
        self.port.clear_buffer()
        block = self.client.last_frame_time
        while self.origin >= 0 and self._due and self.origin + self._due[-1][0] < block + frames:
            after, message = self._due.pop()
            self.port.write_midi_event(max(self.origin + after - block, 0), bytes(message))


class Listener:
    """Client that keeps the first channel of every block with its frame, and counts late blocks."""

    def __init__(self) -> None:
        self.client = jack.Client("probe-listener", no_start_server=True)
        self.port = self.client.inports.register("in")
        self.blocks: list[tuple[int, NDArray[np.float32]]] = []
        self.late = 0
        self.client.set_process_callback(self._process)
        self.client.set_xrun_callback(self._count)

    def _process(self, _frames: int) -> None:
        self.blocks.append((self.client.last_frame_time, self.port.get_array().copy()))

    def _count(self, _delay: float) -> None:
        self.late += 1

    def delay_of(self, frame: int, search: int) -> int | None:
        """Frames from `frame` to the first sound within `search` frames."""
        for start, samples in self.blocks:
            if frame - len(samples) < start < frame + search:
                heard = np.flatnonzero(np.abs(samples) > SILENCE) + start - frame
                heard = heard[heard >= 0]
                if len(heard):
                    return int(heard[0])
        return None


def note_messages(notes: int, sample_rate: int) -> list[tuple[int, tuple[int, int, int]]]:
    """(frame, message) of short notes, each silenced before the next."""
    random = np.random.default_rng(1)
    messages: list[tuple[int, tuple[int, int, int]]] = []
    for number in range(notes):
        frame = int((number + 1 + 0.1 * random.random()) * SPACING * sample_rate)
        messages.append((frame, (0x90, KEY, 100)))
        messages.append((frame + int(HELD * sample_rate), (0x80, KEY, 0)))
        messages.append((frame + int(2 * HELD * sample_rate), ALL_SOUND_OFF))
    return messages


def probe(notes: int) -> dict[str, Any]:
    """Play `notes` notes and listen."""
    listener = Listener()
    sample_rate = listener.client.samplerate
    messages = note_messages(notes, sample_rate)
    sender = Sender(messages)
    with sender.client, listener.client:
        sender.client.connect(sender.port, f"{INSTRUMENT}:midi_in")
        listener.client.connect(f"{INSTRUMENT}:out_1", listener.port)
        time.sleep(LEAD_IN)
        late_before, blocks_before = listener.late, len(listener.blocks)
        sender.origin = listener.blocks[-1][0] + 8 * listener.client.blocksize
        time.sleep((notes + 1) * SPACING)
        late, blocks = listener.late - late_before, len(listener.blocks) - blocks_before
    search = int(SPACING / 2 * sample_rate)
    on = [sender.origin + frame for frame, message in messages if message[0] == 0x90]
    return {
        "sample_rate": sample_rate,
        "delays": [listener.delay_of(frame, search) for frame in on],
        "late_blocks": late,
        "blocks": blocks,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(int(sys.argv[1]))) + "\n")
