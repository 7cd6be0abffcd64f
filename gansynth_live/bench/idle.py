"""What waiting costs: processor time with nothing played, beside FluidSynth on the same server."""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from gansynth_live.bench import fluidsynth
from gansynth_live.bench import private_jack as jack
from gansynth_live.bench.figures import Figure, Finding, Missing
from gansynth_live.bench.processor import CURE, is_counted, shares
from gansynth_live.bench.program import require_ready, running
from gansynth_live.bench.waiting import wait_for

BLOCK = 128
SECONDS, TRY_OUT = 40.0, 2.0  # that are measured
CALM = 0.15  # share of a core below which all that is kept warm is rendered
LOOK = 2.0  # seconds that a look at that takes
PEER = "FluidSynth's program"
PLAY = (sys.executable, "-m", "gansynth_live", "play", "--driver", "jack")


def measure(quick: bool) -> Iterator[Finding]:
    """Shares of a core, in the same seconds."""
    if not jack.is_installed():
        yield Missing("idle", "a JACK server", jack.CURE)
        return
    if not is_counted():
        yield Missing("idle", "processor times of other programs", CURE)
        return
    seconds = TRY_OUT if quick else SECONDS
    with (
        TemporaryDirectory(prefix="gansynth-bench-") as folder,
        jack.private_jack(Path(folder), BLOCK) as environment,
        running(PLAY, environment) as ours,
    ):
        require_ready(ours, "gansynth-live play")
        if not quick:
            wait_for(lambda: shares(LOOK, ours)[0] <= 100 * CALM)
        if (command := _peer()) is None:
            [share] = shares(seconds, ours)
            yield Figure("idle", "nothing played", share, "% of a core")
            yield Missing("idle", PEER, "apt install fluidsynth fluid-soundfont-gm")
            return
        with running(command, environment) as peer:
            time.sleep(LOOK)  # in which it loads its soundfont
            share, others = shares(seconds, ours, peer)
    yield Figure("idle", "nothing played", share, "% of a core", at_most=others)
    yield Figure("idle", "FluidSynth with nothing played", others, "% of a core")


def _peer() -> list[str] | None:
    """FluidSynth's command line; None where it or a soundfont is missing."""
    program = shutil.which("fluidsynth")
    soundfont = next((path for path in fluidsynth.SOUNDFONTS if path.exists()), None)
    if program is None or soundfont is None:
        return None
    return [program, "-a", "jack", "-m", "jack", "-s", "-i", "-q", str(soundfont)]
