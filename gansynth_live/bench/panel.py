"""What the panel costs: bytes, processor time of two pages, and what a browser makes of one."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from gansynth_live.bench import chromium
from gansynth_live.bench import private_jack as jack
from gansynth_live.bench.figures import Figure, Finding, Missing
from gansynth_live.bench.processor import CURE, is_counted, shares
from gansynth_live.bench.program import require_ready, running
from gansynth_live.bench.waiting import wait_for
from gansynth_live.errors import GansynthError
from gansynth_live.panel.files import read_files

BLOCK = 128
SECONDS, TRY_OUT = 20.0, 2.0  # that are measured
CALM, LOOK = 10.0, 2.0  # % of a core below which all is rendered; seconds of a look at that
CHORD = (48, 55)  # keys that are held
FRAMES = 30  # a second
PLAY = (sys.executable, "-m", "gansynth_live", "play", "--driver", "jack")
SERVER, SERVED, PAINTED, SCRIPT = 5.0, 120.0, 300.0, 4.0  # goals: % of a core, KiB, ms, ms
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
IS_OPEN = "document.body?.dataset.link === 'open'"


def measure(quick: bool) -> Iterator[Finding]:
    """Bytes served, shares of a core with two pages, paint and script of one."""
    served = sum(len(file.content) for file in read_files().values()) / 1024
    yield Figure("panel", "whole page as served", served, "KiB", at_most=SERVED)
    if not jack.is_installed():
        yield Missing("panel", "a JACK server", jack.CURE)
        return
    if not is_counted():
        yield Missing("panel", "processor times of other programs", CURE)
        return
    with TemporaryDirectory(prefix="gansynth-bench-") as name:
        folder = Path(name)
        with jack.private_jack(folder, BLOCK) as environment:
            yield from _measure_served(folder, environment, TRY_OUT if quick else SECONDS, quick)


def _measure_served(
    folder: Path, environment: Mapping[str, str], seconds: float, quick: bool
) -> Iterator[Finding]:
    said = folder / "said.txt"
    with said.open("w") as errors, running(PLAY, environment, errors) as program:
        require_ready(program, "gansynth-live play")
        if not quick:
            wait_for(lambda: shares(LOOK, program)[0] <= CALM)
        link = _link(said)
        [alone] = shares(seconds, program)
        yield Figure("panel", "no page, nothing played", alone, "% of a core")
        yield from _measure_pages(program, link, seconds, alone)
        yield from _measure_browser(folder, link, seconds)


def _measure_pages(
    program: subprocess.Popen[str], link: str, seconds: float, alone: float
) -> Iterator[Finding]:
    name = f"two pages at {FRAMES} frames a second add"
    with _page(link) as page, _page(link):
        [calm] = shares(seconds, program)
        yield Figure(
            "panel", f"{name}, nothing played", calm - alone, "% of a core", at_most=SERVER
        )
        for key in CHORD:
            page.send(json.dumps({"t": "note", "on": True, "k": key}))
        [watched] = shares(seconds, program)
        page.send(json.dumps({"t": "pace", "hz": 0}))  # a hidden page's notes end
    with _page(link) as page:
        page.send(json.dumps({"t": "pace", "hz": 1}))
        for key in CHORD:
            page.send(json.dumps({"t": "note", "on": True, "k": key}))
        [played] = shares(seconds, program)
    yield Figure(
        "panel",
        f"{name}, two keys held",
        watched - played,
        "% of a core",
        at_most=SERVER,
    )


def _measure_browser(folder: Path, link: str, seconds: float) -> Iterator[Finding]:
    program = chromium.browser()
    if program is None:
        yield Missing("panel", "a Chromium browser", chromium.CURE)
        return
    with chromium.opened(program, str(folder / "browser"), link) as page:
        wait_for(lambda: bool(page.value(IS_OPEN)), pause=0.05)
        wait_for(lambda: page.value(PAINT) is not None, pause=0.05)
        paint = float(page.value(PAINT))
        yield Figure("panel", "first paint", paint, "ms", at_most=PAINTED)
        with _page(link) as hand:
            for key in CHORD:
                hand.send(json.dumps({"t": "note", "on": True, "k": key}))
            before = page.script_seconds()
            time.sleep(seconds)
            spent = page.script_seconds() - before
    script = 1000.0 * spent / (FRAMES * seconds)
    yield Figure("panel", "script a frame, two keys held", script, "ms", at_most=SCRIPT)


def _link(said: Path) -> str:
    found = re.search(r"^panel: (\S+)$", said.read_text(), re.MULTILINE)
    if found is None:
        raise GansynthError("gansynth-live play serves no panel; run it to see why")
    return found[1]


@contextmanager
def _page(link: str) -> Iterator[ClientConnection]:
    """A page's end of the WebSocket, which takes whatever comes."""
    address, token = link.removeprefix("http://").split("/#token=")
    with connect(f"ws://{address}/live", origin=Origin(f"http://{address}")) as socket:
        socket.send(json.dumps({"t": "hello", "token": token}))
        reader = Thread(target=_drain, args=(socket,), daemon=True)
        reader.start()
        yield socket
    reader.join()


def _drain(socket: ClientConnection) -> None:
    try:
        for _ in socket:
            pass
    except ConnectionClosed:
        pass
