"""The panel costs the sound nothing: not one bit, whoever knocks."""

import json
import socket
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

from gansynth_live.panel.server import PanelServer
from tests.panel.stage import HERE, Browser, Stage


def attack(place: str, over: Event) -> None:
    """What a stranger tries, again and again."""
    host, port = place.split(":")
    while not over.is_set():
        with suppress(OSError), socket.create_connection((host, int(port)), 1.0) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: evil\r\n\r\n" + b"\xff" * 5000)
        with (
            suppress(OSError, WebSocketException, TimeoutError),
            connect(f"ws://{place}/live", origin=Origin(f"http://{place}")) as stranger,
        ):
            stranger.send(json.dumps({"t": "hello", "token": "guess"}))
            stranger.recv(timeout=1.0)


@pytest.mark.long
def test_a_piece_is_the_same_bits_without_a_panel_with_one_and_under_attack(
    tmp_path: Path,
) -> None:
    alone = Stage(tmp_path).played()
    assert np.abs(alone).max() > 0.01

    watched = Stage(tmp_path)
    with PanelServer(watched.remote, HERE, 0, pytest.fail) as server:
        watched.synth.parameters.subscribe(server.feed.change)
        pages = [Browser(server.link) for _ in range(2)]
        assert np.array_equal(watched.played(), alone)
        for page in pages:
            page.close()

    besieged = Stage(tmp_path)
    over = Event()
    with PanelServer(besieged.remote, HERE, 0, pytest.fail) as server:
        place = server.link.removeprefix("http://").split("/#")[0]
        strangers = [Thread(target=attack, args=(place, over)) for _ in range(2)]
        for stranger in strangers:
            stranger.start()
        sound = besieged.played()
        over.set()
        for stranger in strangers:
            stranger.join()
    assert np.array_equal(sound, alone)


def test_a_page_that_takes_nothing_is_closed_and_costs_no_memory(
    stage: Stage, server: PanelServer
) -> None:
    """Its socket stays open and is never read; another page goes on seeing everything."""
    stalled, page = Browser(server.link), Browser(server.link)
    stalled.socket.recv_messages.pause()  # the library stops to read, and so the system too
    stalled.tell("note", on=True, k=60)
    page.meters(lambda m: m.is_held(60))
    page.meters(lambda m: not m.is_held(60))  # when the stalled one is given up
    page.close()
