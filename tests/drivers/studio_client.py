"""A JACK client in a process of its own, which can hold keys and die with them.

    python -m tests.drivers.studio_client NAME

Reads lines: `connect TARGET`, `disconnect TARGET`, `send B0 B1 B2`; answers each with `done`.
"""

import queue
import sys

import jack


def main(name: str) -> None:
    """Do as the lines say until there are no more."""
    client = jack.Client(name, no_start_server=True)
    port = client.midi_outports.register("out")
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def process(_frames: int) -> None:
        port.clear_buffer()
        while not messages.empty():
            port.write_midi_event(0, messages.get())

    client.set_process_callback(process)
    with client:
        print("done", flush=True)
        for line in sys.stdin:
            verb, *rest = line.split()
            if verb == "connect":
                client.connect(port, rest[0])
            elif verb == "disconnect":
                client.disconnect(port, rest[0])
            else:
                messages.put(bytes(map(int, rest)))
            print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
