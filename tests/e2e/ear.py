"""A second process that writes down which MIDI messages it hears under JACK, and when.

    python -m tests.e2e.ear HEARD.json

Says `ready` and listens at its port `EAR` until SIGTERM.
"""

import json
import signal
import sys
from pathlib import Path
from threading import Event

import jack

from tests.e2e.order import EAR


def listen(path: Path) -> None:
    """Write [[frame, [byte, ...]], ...] of what was heard; frames since the start of a block."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    name, port_name = EAR.split(":")
    client = jack.Client(name, no_start_server=True)
    port = client.midi_inports.register(port_name)
    heard: list[tuple[int, list[int]]] = []
    starts: list[int] = []

    @client.set_process_callback  # type: ignore[untyped-decorator]
    def process(_frames: int) -> None:
        block = client.last_frame_time
        for offset, message in port.incoming_midi_events():
            starts.append(block)
            heard.append((block + offset - starts[0], list(bytes(message))))

    with client:
        print("ready", flush=True)
        stop.wait()
    path.write_text(json.dumps(heard))


if __name__ == "__main__":
    listen(Path(sys.argv[1]))
