"""A process beside the instrument that plays it: sends messages at known frames.

    python -m gansynth_live.bench.knob_probe < MESSAGES

MESSAGES is a JSON list of (frame after the start, [status, data, data]), in order. Prints one JSON
object: how many blocks the server counted as late, and how many it left out.
"""

import json
import sys
import time
from itertools import pairwise

from gansynth_live.bench.jack_probe import INSTRUMENT, LEAD_IN, Listener, Sender

REST = 0.3  # seconds after the last message


def play(messages: list[tuple[int, tuple[int, int, int]]]) -> dict[str, int]:
    """Send it all."""
    listener, sender = Listener(), Sender(messages)
    client = sender.client
    with client, listener.client:
        client.connect(sender.port, f"{INSTRUMENT}:midi_in")
        listener.client.connect(f"{INSTRUMENT}:out_1", listener.port)
        time.sleep(LEAD_IN)
        late_before, blocks_before = listener.late, len(listener.blocks)
        sender.origin = listener.blocks[-1][0] + 8 * client.blocksize
        time.sleep(messages[-1][0] / client.samplerate + REST)
        late, blocks = listener.late - late_before, listener.blocks[blocks_before:]
    left_out = sum(after[0] - at != len(block) for (at, block), after in pairwise(blocks))
    return {"late_blocks": late, "left_out": left_out}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play(json.load(sys.stdin))) + "\n")
