"""A JACK client with the instrument's ports whose call-back does nothing: the machine's own floor.

    python -m gansynth_live.bench.null_client

Blocks that are late with it, no instrument could have delivered. Prints `ready`, runs until ended.
"""

import ctypes
import signal
import sys
from typing import Any

from numba import cfunc, types

from gansynth_live.bench.jack_probe import INSTRUMENT
from gansynth_live.drivers.libjack import AUDIO, IS_INPUT, IS_OUTPUT, MIDI, libjack, open_client


@cfunc(types.int32(types.uint32, types.voidptr))  # type: ignore[untyped-decorator]
def do_nothing(_frames: int, _user: Any) -> int:
    """JackProcessCallback."""
    return 0


def main() -> None:
    """Open the client and wait for a signal."""
    library, client = libjack(), open_client(INSTRUMENT)
    library.jack_port_register(client, b"midi_in", MIDI, IS_INPUT, 0)
    for name in (b"out_1", b"out_2"):
        library.jack_port_register(client, name, AUDIO, IS_OUTPUT, 0)
    callback = ctypes.c_void_p(do_nothing.address)
    library.jack_set_process_callback(client, callback, None)
    library.jack_activate(client)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    library.jack_client_close(client)


if __name__ == "__main__":
    # Waited for, so blocked in every thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
