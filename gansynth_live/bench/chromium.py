"""A browser without a window, and what a page costs in it (Chrome DevTools Protocol)."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import IO, Any, cast

from websockets.sync.client import ClientConnection, connect

from gansynth_live.bench.program import STOP_SECONDS
from gansynth_live.errors import GansynthError

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CURE = "apt install chromium"
WINDOW = "1280,800"
DEVTOOLS = re.compile(r"DevTools listening on (ws://\S+)")
ANSWER_SECONDS = 20.0


class Page:
    """A page that is open."""

    def __init__(self, socket: ClientConnection, address: str) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        self._ask("Performance.enable")
        self._ask("Page.enable")
        self._ask("Page.navigate", url=address)

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def script_seconds(self) -> float:
        """Time that its scripts have taken so far."""
        metrics = self._ask("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))

    def _ask(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        question: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            question["sessionId"] = self._session
        self._socket.send(json.dumps(question))
        while (answer := json.loads(self._socket.recv(ANSWER_SECONDS))).get("id") != number:
            pass  # news of what happens on the page
        if "error" in answer:
            raise GansynthError(f"the browser refuses {method}: {answer['error']['message']}")
        return answer["result"]


def browser() -> str | None:
    """Where a browser of this family is on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def opened(program: str, folder: str, address: str) -> Iterator[Page]:
    """Open a page in a browser of its own for the duration of the block.

    Args:
        program: see `browser`.
        folder: where it keeps what it remembers.
    """
    command = [program, "--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    command += [f"--window-size={WINDOW}", "--no-first-run", "--disable-background-networking"]
    command += ["--disable-component-update", "--disable-sync", "--disable-gpu"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # which root cannot have
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            with connect(_devtools(cast(IO[str], process.stderr)), max_size=None) as socket:
                yield Page(socket, address)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _devtools(errors: IO[str]) -> str:
    for line in errors:
        if found := DEVTOOLS.search(line):
            return found[1]
    raise GansynthError("the browser does not start; run chromium --headless to see why")
