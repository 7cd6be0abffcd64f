"""The tone machine as a program: the real rig around an instrument without a network.

    python -m tests.e2e.tone_synth DRIVER BLOCK HOGS

HOGS threads compute in Python without a pause, so that the interpreter lock is fought over.
With PortAudio its keyboards are JACK's, since a container has no MIDI system of its own.
Prints `ready`, plays until SIGTERM, then prints its counters as JSON.
"""

import dataclasses
import json
import signal
import sys
import threading

from gansynth_live.drivers import rig as rig_module
from gansynth_live.drivers.output import plan_output
from gansynth_live.drivers.rig import Rig
from gansynth_live.errors import DeviceError
from tests.drivers.jack_midi import JackMidi
from tests.e2e.tones import tone_machine

TEND_SECONDS = 0.05
SWITCH_SECONDS = 0.0005


def spin() -> None:
    """Compute for ever."""
    while True:
        sum(range(2000))


def say(line: str) -> None:
    """Tell on standard error."""
    print(line, file=sys.stderr, flush=True)


def main(driver: str, block: int, hogs: int) -> int:
    """Play until a signal; 1 when the device is lost for good."""
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keyboards: tuple[str, ...] = ()
    if driver == "portaudio":
        vars(rig_module)["open_midi_api"] = JackMidi
        keyboards = ("none of them",)  # only the virtual port: under JACK any program is an input
    plan = plan_output(driver, block=block)
    machine = tone_machine(plan.sample_rate)
    rig = Rig(machine, plan, keyboards, say=say)
    rig.start()
    for _ in range(hogs):
        threading.Thread(target=spin, daemon=True).start()
    print("ready", flush=True)
    try:
        while not stop.wait(TEND_SECONDS):
            rig.tend()
    except DeviceError as error:
        say(str(error))
        return 1
    finally:
        rig.close()
    print(json.dumps(dataclasses.asdict(machine.snapshot())), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
