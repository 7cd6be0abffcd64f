"""A second process beside the synth: plays MIDI into it at known frames and records what it says.

The player and the recorder are two JACK clients: one client that did both would close a loop
around the synth, and JACK would cut it with a delay of one block.

    python -m tests.e2e.studio ORDER.json TAKE.npz
"""

import errno
import json
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import jack
import numpy as np
from numpy.typing import NDArray

from tests.e2e.order import PATIENCE_SECONDS, Order

PREROLL_BLOCKS = 16
LEAD_IN_SECONDS = 0.5  # clients that come and go disturb the graph; let it calm down first


class Player:
    """JACK client that sends each message in the block and at the offset it is due."""

    def __init__(self, events: list[tuple[int, list[int]]]) -> None:
        self.client = jack.Client("studio-player", no_start_server=True)
        self.port = self.client.midi_outports.register("midi_out")
        self.sent: list[tuple[int, list[int]]] = []
        self.origin = -1
        self.is_playing = False
        self._due = deque(events)
        self.client.set_process_callback(self._process)

    def _process(self, frames: int) -> None:
        self.port.clear_buffer()
        if not self.is_playing:
            return
        block = self.client.last_frame_time
        if self.origin < 0:
            self.origin = block + PREROLL_BLOCKS * frames
        while self._due and self.origin + self._due[0][0] < block + frames:
            after, message = self._due.popleft()
            frame = max(self.origin + after, block)
            self.port.write_midi_event(frame - block, bytes(message))
            self.sent.append((frame, message))


class Recorder:
    """JACK client that keeps every block of a stereo pair with its absolute frame."""

    def __init__(self) -> None:
        self.client = jack.Client("studio-recorder", no_start_server=True)
        self.ports = [self.client.inports.register(f"in_{side}") for side in (1, 2)]
        self.blocks: list[tuple[int, NDArray[np.float32]]] = []
        self.xruns = 0
        self.client.set_process_callback(self._process)
        self.client.set_xrun_callback(self._count_xrun)

    def _process(self, _frames: int) -> None:
        block = np.stack([port.get_array() for port in self.ports])
        self.blocks.append((self.client.last_frame_time, block))

    def _count_xrun(self, _delay: float) -> None:
        self.xruns += 1

    def frames(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """First frame of every block so far, and all samples one after the other [2, frames]."""
        blocks = list(self.blocks)
        starts = np.array([frame for frame, _ in blocks], np.int64)
        return starts, np.concatenate([samples for _, samples in blocks], axis=1)


def wait_for_ports(client: Any, names: list[str]) -> None:
    """Block until every named port exists."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while missing := set(names) - {port.name for port in client.get_ports()}:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no such JACK port: {', '.join(sorted(missing))}")
        time.sleep(0.02)


def join(client: Any, source: Any, sink: Any) -> None:
    """Connect two ports; the synth may have done it, who remembers how it was connected before."""
    try:
        client.connect(source, sink)
    except jack.JackErrorCode as error:
        if error.code != errno.EEXIST:
            raise


def perform(order: Order, take: Path) -> None:
    """Carry out `order` and write the take as an .npz file."""
    player, recorder = Player(order.events), Recorder()
    with player.client, recorder.client:
        wait_for_ports(player.client, [*order.audio, *filter(None, [order.midi])])
        if order.midi:
            join(player.client, player.port, order.midi)
        for source, port in zip(order.audio, recorder.ports, strict=True):
            join(recorder.client, source, port)
        time.sleep(LEAD_IN_SECONDS)
        calm, sample_rate = recorder.xruns, recorder.client.samplerate
        if order.freewheel:
            player.client.set_freewheel(True)
        player.is_playing = True
        frames = int(order.seconds * sample_rate)
        while player.origin < 0 or recorder.blocks[-1][0] < player.origin + frames:
            time.sleep(0.01)
        starts, samples = recorder.frames()  # now: at its end a client loses one side first
        if order.freewheel:
            player.client.set_freewheel(False)
    np.savez(
        take,
        origin=player.origin,
        starts=starts,
        samples=samples,
        sent_frames=np.array([frame for frame, _ in player.sent], np.int64),
        sent_messages=np.array([(*message, 0, 0)[:3] for _, message in player.sent], np.uint8),
        xruns=recorder.xruns - calm,
        sample_rate=sample_rate,
    )


if __name__ == "__main__":
    perform(Order(**json.loads(Path(sys.argv[1]).read_text())), Path(sys.argv[2]))
