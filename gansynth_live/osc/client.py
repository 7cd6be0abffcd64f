"""One question to an instrument that listens to OSC."""

import socket

from gansynth_live.osc.packet import MOST_BYTES, Message, encode, parse
from gansynth_live.osc.server import Address


def ask(address: Address, message: Message, seconds: float) -> Message | None:
    """The first answer to a message; None if none comes in time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(seconds)
        try:
            asking.connect(address)
            asking.send(encode(message))
            answers = parse(asking.recv(MOST_BYTES + 1))
        except OSError:  # a time-out is one
            return None
    return answers[0] if answers else None
