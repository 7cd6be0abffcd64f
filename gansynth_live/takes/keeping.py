"""Keep what was just played: a take file, a MIDI file, and its sound, rendered aside."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from gansynth_live.errors import GansynthError, UsageError
from gansynth_live.files import replacing
from gansynth_live.midi.messages import Event
from gansynth_live.midi.smf_writer import to_smf
from gansynth_live.takes.recorder import Recorder
from gansynth_live.takes.take import SUFFIX, Take, takes_folder, write

LOWEST_PRIORITY = 19
_keeping = Lock()


def keep(recorder: Recorder, say: Callable[[str], None]) -> Thread:
    """Write a take and have it rendered, in a thread; what comes of it is said."""

    def run() -> None:
        try:
            with _keeping:
                path = put_down(recorder.keep(), takes_folder())
        except (GansynthError, OSError) as error:
            say(f"the take is not kept: {error}")
            return
        say(f"kept: {path}")
        _render_aside(path)

    thread = Thread(target=run, name="take", daemon=True)
    thread.start()
    return thread


def put_down(take: Take, folder: Path) -> Path:
    """Write the take and its MIDI file; the take's place.

    Raises:
        UsageError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror or error}") from error
    name = take.made[:19].replace("T", " ").replace(":", ".")
    number = 2
    path = folder / (name + SUFFIX)
    while path.exists():
        path = folder / f"{name} {number}{SUFFIX}"
        number += 1
    with replacing(beside(path, ".mid")) as midi:
        midi.write_bytes(to_midi(take))
    write(take, path)
    return path


def beside(path: Path, suffix: str) -> Path:
    """The file of the same take with another suffix."""
    return path.with_name(path.name.removesuffix(SUFFIX) + suffix)


def to_midi(take: Take) -> bytes:
    """The messages of a take as a Standard MIDI File that begins with the first note."""
    first = next((event.frame for event in take.events if event.serial), take.start)
    return to_smf(
        Event(max(at.frame - first, 0) / take.sample_rate, at.status, at.data1, at.data2)
        for at in take.events
    )


def _render_aside(path: Path) -> None:
    """Another process renders, so that nothing here waits for the interpreter's lock."""
    command = [sys.executable, "-m", "gansynth_live", "takes", "render", str(path)]
    nothing = subprocess.DEVNULL
    with suppress(OSError):
        process = subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST_PRIORITY)
        process.wait()
