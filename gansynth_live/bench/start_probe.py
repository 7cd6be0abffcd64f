"""A process that starts as `play` does, but without an audio device, and says how long it took.

    python -m gansynth_live.bench.start_probe LAUNCHED

LAUNCHED is the time (seconds since the epoch) when the process was launched. Prints one JSON
object: seconds until the callback and a first key are ready, until all keys are, and memory.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

from gansynth_live.bench.resident import resident_mib
from gansynth_live.config import load_config
from gansynth_live.instrument import make_machine, open_instrument
from gansynth_live.render.live import LiveCache

DEVICE_RATE = 48_000


def probe(launched: float) -> dict[str, Any]:
    """Start, wait until every key can be played, stop."""
    config = load_config()
    instrument = open_instrument(
        config.model.path, config.model.inversion, DEVICE_RATE, config.model.threads
    )
    library, renderer = instrument.library, instrument.renderer
    machine = make_machine(config, renderer)
    renders = LiveCache(
        machine,
        renderer,
        library.played,
        next(iter(library.names)),
        report=lambda line: sys.exit(line),
        workers=config.render.workers,
    )
    renders.start()
    import_module("gansynth_live.drivers.portaudio_callback")  # compiles, or loads what was
    ready: list[float] = []
    renders.wait_until_ready(lambda _keys, _all: ready.append(time.time() - launched))
    renders.stop()
    return {"first_key": ready[0], "all_keys": ready[-1], "resident_mib": resident_mib()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(float(sys.argv[1]))) + "\n")
