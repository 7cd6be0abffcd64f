"""An instrument that plays without a device, and a page that speaks the panel's protocol."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from gansynth_live.config import load_config
from gansynth_live.editor import Editor
from gansynth_live.instrument import open_instrument
from gansynth_live.learner import Learner
from gansynth_live.presets.store import Store
from gansynth_live.remote import Remote
from gansynth_live.session import Session
from gansynth_live.synth import Synth
from gansynth_live.takes.recorder import Recorder
from tests.eventually import eventually

RATE = 16_000
BLOCK = 160  # frames: 10 ms
HERE = "127.0.0.1"
PATIENCE = 20.0  # seconds, of a busy machine


class Stage:
    """A session but for its devices: a thread asks for its blocks and attends to it."""

    output = "no device, 16000 Hz"
    inputs = ("a hand",)
    has_output = True
    load = 0.25

    def __init__(self, folder: Path, overrides: tuple[str, ...] = ()) -> None:
        config = load_config(None, ["render.workers=1", "cache.megabytes=60", *overrides])
        self.instrument = open_instrument(None, "phase-locked", RATE, air=0.0)
        self.takes = Recorder(config, self.instrument)
        self.synth = Synth(config, self.instrument, pytest.fail, self.takes.switched)
        self.takes.listen_to(self.synth)
        self.editor = Editor(self.synth, self.instrument, edited=self.takes.edited)
        self.learner = Learner(self.synth, lambda _: None, self.takes.learnt)
        self.synth.subscribe(self.learner.hear)
        self.presets = Store(Store.of_user()._factory, folder)
        self._over = Event()
        self._thread = Thread(target=self._play)

    @property
    def remote(self) -> Remote:
        """As hands from outside see it."""
        return Remote(cast(Session, self), lambda _: None)

    def __enter__(self) -> Self:
        self.synth.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self.synth.close()

    def played(self) -> NDArray[np.float32]:
        """A piece, once all is rendered, float32 [2, frames]; in place of `with`."""
        self.synth.start()
        self.synth.renders.wait_until_ready()
        for number, key in enumerate((48, 55, 60, 64, 67, 72)):
            self.synth.send(0x90, key, 90, frame=number * RATE // 8)
            self.synth.send(0x80, key, 0, frame=number * RATE // 8 + RATE // 2)
        blocks = []
        while self.synth.frame < 2 * RATE:
            blocks.append(self.synth.advance(BLOCK))
            self.synth.attend()
        self.synth.close()
        return np.concatenate(blocks, axis=1)

    def let_pass(self, frames: int) -> None:
        """Wait until it has played so much more."""
        stop = self.synth.frame + frames
        eventually(lambda: self.synth.frame >= stop)

    def _play(self) -> None:
        while not self._over.wait(BLOCK / RATE / 2):
            self.synth.advance(BLOCK)
            self.synth.attend()
            self.takes.attend()
            self.learner.look()


class Browser:
    """A page's side of the WebSocket."""

    def __init__(self, link: str, *, hello: bool = True) -> None:
        address, token = link.removeprefix("http://").split("/#token=")
        self.token = token
        self._context = connect(
            f"ws://{address}/live",
            origin=Origin(f"http://{address}"),
            compression=None,
            close_timeout=1.0,  # what was not read is in the way of the other side's goodbye
        )
        self.socket: ClientConnection = self._context.__enter__()
        if hello:
            self.tell("hello", token=token)
            self.welcome = self.hear("welcome")

    def tell(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"t": kind, **fields}))

    def hear(self, kind: str, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next message of a kind that is as wanted; others are passed over."""
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.socket.recv(timeout=max(deadline - time.monotonic(), 0.01))
            if isinstance(message, str):
                said = json.loads(message)
                if said["t"] == kind and wanted(said):
                    return said

    def meters(self, wanted: Callable[["Seen"], bool] = lambda _: True) -> "Seen":
        """The next meters that are as wanted."""
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.socket.recv(timeout=max(deadline - time.monotonic(), 0.01))
            if isinstance(message, bytes) and message[0] == 1:
                seen = Seen(message[:164])
                if wanted(seen):
                    return seen

    def value(self, parameter: str, part: int = 0) -> Any:
        """What a parameter has become, once it has changed."""
        return self.hear("delta", lambda m: parameter in m["v"] and m["part"] == part)["v"][
            parameter
        ]

    def close(self) -> None:
        self._context.__exit__(None, None, None)


class Seen:
    """Meters as a page reads them, by the table of docs/panel.md."""

    def __init__(self, frame: bytes) -> None:
        assert len(frame) == 164
        self.voices = int.from_bytes(frame[2:4], "little")
        self.peak_db = -int.from_bytes(frame[4:6], "little") / 100.0
        self.load = int.from_bytes(frame[8:10], "little") / 1000.0
        self.number = int.from_bytes(frame[20:24], "little")
        self.pad_x, self.pad_y, self.position = np.frombuffer(frame[24:36], "<f4").tolist()
        self.keys = np.frombuffer(frame[36:], np.uint8)

    def is_held(self, key: int) -> bool:
        return bool(self.keys[key] & 4)

    def level(self, key: int) -> int:
        return int(self.keys[key]) >> 4
