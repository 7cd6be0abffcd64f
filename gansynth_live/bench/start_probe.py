"""A process that starts as `play` does, but without an audio device, and says how long it took.

    python -m gansynth_live.bench.start_probe LAUNCHED

LAUNCHED is the time (seconds since the epoch) when the process was launched. Prints one JSON
object: seconds until the callback and a first key are ready, and until all keys are; memory then,
and when all that is kept warm is rendered.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

from gansynth_live.bench.resident import resident_mib
from gansynth_live.bench.waiting import is_warm, wait_for
from gansynth_live.config import load_config
from gansynth_live.instrument import open_instrument
from gansynth_live.synth import Synth

DEVICE_RATE = 48_000


def probe(launched: float) -> dict[str, Any]:
    """Start, wait until every key can be played, stop."""
    config = load_config()
    instrument = open_instrument(
        config.model.path,
        config.model.inversion,
        DEVICE_RATE,
        config.model.threads,
        config.air.amount,
        config.life.amount,
    )
    synth = Synth(config, instrument, say=lambda line: sys.exit(line))
    synth.start()
    import_module("gansynth_live.drivers.portaudio_callback")  # compiles, or loads what was
    ready: list[float] = []
    synth.renders.wait_until_ready(lambda _keys, _all: ready.append(time.time() - launched))
    memory = resident_mib()
    synth.attend()
    wait_for(lambda: is_warm(synth), pause=0.1)
    times = {"first_key": ready[0], "all_keys": ready[-1]}
    found = times | {"resident_mib": memory, "warm_mib": resident_mib()}
    synth.close()
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(float(sys.argv[1]))) + "\n")
