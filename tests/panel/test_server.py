"""A real server beside a real engine, and pages of all kinds."""

import gzip
import json
import socket
import time
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from gansynth_live.errors import UsageError
from gansynth_live.panel.server import MOST_PAGES, PanelServer
from gansynth_live.parameters.table import PARAMETERS
from tests.eventually import eventually
from tests.panel.stage import HERE, Browser, Stage


def place(server: PanelServer) -> str:
    return server.link.removeprefix("http://").split("/#")[0]


def get(
    server: PanelServer, path: str, host: str | None = None, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(place(server))
    connection.request(method, path, headers={"Host": host or place(server)})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_a_page_is_told_all_there_is_to_know(page: Browser) -> None:
    welcome = page.welcome
    described = {each["id"]: each for each in welcome["parameters"]}
    values = {**welcome["values"]["all"], **welcome["values"]["parts"][0]}
    assert set(described) >= set(values)
    for name, each in described.items():
        assert each["default"] == json.loads(json.dumps(PARAMETERS[name].default))
    assert {"name": "cello", "family": "strings"} in welcome["instruments"]
    assert len([each for each in welcome["presets"] if each["factory"]]) == 30
    assert welcome["bindings"]["voice.brightness"] == "CC 74"


def test_what_a_page_sets_is_so_and_every_page_is_told(
    page: Browser, server: PanelServer, stage: Stage
) -> None:
    other = Browser(server.link)
    page.tell("set", v={"voice.attack": 0.25, "effects.plate_decay": 7.0})
    for each in (page, other):
        assert each.value("voice.attack") == 0.25
    assert stage.synth.parameters.value(0, "effects.plate_decay") == 7.0
    page.tell("set", v={"voice.attack": 0.75})
    delta = other.hear("delta", lambda m: m["v"].get("voice.attack") == 0.75)
    assert delta["from"] == page.welcome["client"]
    page.tell("do", what="undo")
    assert other.value("voice.attack") == 0.25
    other.close()


def test_two_pages_and_a_controller_agree_within_a_tenth_of_a_second(
    page: Browser, server: PanelServer, stage: Stage
) -> None:
    other = Browser(server.link)
    took = []
    for step in range(20):
        value = step / 20 + 0.01
        began = time.monotonic()
        page.tell("set", v={"effects.ensemble": value})
        assert other.value("effects.ensemble") == value
        took.append(time.monotonic() - began)
    stage.synth.send(0xB0, 91, 127)
    assert other.value("effects.plate") == 1.0
    assert sorted(took)[10] < 0.1
    other.close()


def test_a_key_sounds_while_it_is_held(page: Browser) -> None:
    page.tell("note", on=True, k=60, v=110)
    seen = page.meters(lambda m: m.is_held(60) and m.level(60) > 8)
    assert seen.voices >= 1
    assert seen.peak_db > -40.0
    page.tell("note", on=False, k=60)
    page.meters(lambda m: not m.is_held(60) and m.voices == 0)


@pytest.mark.parametrize("end", ["closed", "hidden", "killed"])
def test_nothing_hangs_when_a_page_goes(
    page: Browser, server: PanelServer, stage: Stage, end: str
) -> None:
    leaving = Browser(server.link)
    for key in (60, 64, 67):
        leaving.tell("note", on=True, k=key)
    page.meters(lambda m: all(m.is_held(key) for key in (60, 64, 67)))
    began = time.monotonic()
    if end == "closed":
        leaving.close()
    elif end == "hidden":
        leaving.tell("pace", hz=0)
    else:
        leaving.socket.socket.shutdown(socket.SHUT_RDWR)
    page.meters(lambda m: not any(m.is_held(key) for key in (60, 64, 67)))
    assert time.monotonic() - began < 0.3 + 0.2  # a busy machine's share


def test_presets_are_loaded_saved_starred_and_removed(page: Browser, stage: Stage) -> None:
    page.tell("preset", do="load", name="Glass Choir at Dusk")
    assert page.hear("loaded")["name"] == "Glass Choir at Dusk"
    page.tell("preset", do="save", name="Mine")
    listed = page.hear("presets", lambda m: any(p["name"] == "Mine" for p in m["list"]))
    assert next(p for p in listed["list"] if p["name"] == "Mine")["factory"] is False
    page.tell("preset", do="star", name="Mine")
    page.hear("presets", lambda m: any(p["favourite"] for p in m["list"]))
    page.tell("preset", do="remove", name="Mine")
    page.hear("presets", lambda m: all(p["name"] != "Mine" for p in m["list"]))
    page.tell("preset", do="load", name="Nothing of that name")
    assert "no preset" in page.hear("error")["line"]
    page.tell("do", what="compare")
    assert page.hear("compare")["stored"] is True


def test_a_page_teaches_a_controller(page: Browser, stage: Stage) -> None:
    page.tell("learn", p="effects.delay")
    eventually(lambda: stage.learner.waits)
    for value in range(0, 127, 3):
        stage.synth.send(0xB0, 41, value)
        stage.let_pass(320)
    bindings = page.hear("bindings", lambda m: "CC 41" in m["v"].get("effects.delay", ""))
    assert bindings
    page.tell("forget", p="effects.delay")
    page.hear("bindings", lambda m: "CC 41" not in m["v"].get("effects.delay", ""))
    page.tell("forget", p="effects.delay")
    assert "nothing was learnt" in page.hear("error")["line"]


def test_a_page_is_told_what_is_played_on_and_how_busy_that_is(page: Browser) -> None:
    devices = page.hear("devices")
    assert (devices["output"], devices["inputs"]) == (Stage.output, list(Stage.inputs))
    assert page.meters().load == Stage.load


def test_mistakes_are_told_and_change_nothing(page: Browser) -> None:
    mistakes: list[tuple[dict[str, Any], str]] = [
        ({"v": {"voice.attack": 99.0}}, "voice.attack"),
        ({"v": {"voice.attak": 0.1}}, "did you mean"),
        ({"v": {"voice.attack": "<b>"}}, "voice.attack"),
        ({"v": {"air.amount": 0.5}}, "start"),
        ({"part": 3, "v": {"voice.attack": 0.1}}, "no part 4"),
    ]
    for fields, reason in mistakes:
        page.tell("set", **fields)
        assert reason in page.hear("error")["line"]
    page.tell("note", on=True, k=60, part=9)
    assert "no part 10" in page.hear("error")["line"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "nonsense",
        "[1, 2]",
        '{"t": "fly"}',
        '{"t": "note", "on": true, "k": 60, "extra": 1}',
        '{"t": "note", "on": true, "k": 128}',
        '{"t": "note", "on": true, "k": NaN}',
        '{"t": "bend", "v": 1e999}',
        '{"t": "set", "v": {}}',
        "[" * 3000,
        b"\x00\x01",
    ],
)
def test_what_is_no_message_ends_the_page_and_only_it(
    page: Browser, server: PanelServer, text: str | bytes
) -> None:
    bad = Browser(server.link)
    bad.socket.send(text)
    assert closed_with(bad) == 1007
    page.tell("note", on=True, k=62)
    page.meters(lambda m: m.is_held(62))


def closed_with(browser: Browser) -> int:
    """How the server ended a page; 0: without a word."""
    while True:
        try:
            browser.socket.recv(timeout=10.0)
        except ConnectionClosed as closed:
            return int(closed.rcvd.code) if closed.rcvd else 0


def test_too_long_a_message_ends_the_page(page: Browser) -> None:
    page.tell("preset", do="load", name="x" * 5000)
    assert closed_with(page) == 1009


def test_a_flood_is_dropped_told_and_then_closed(page: Browser, server: PanelServer) -> None:
    flood = Browser(server.link)
    flood.tell("note", on=True, k=60)
    with suppress(ConnectionClosed):
        for step in range(10_000):
            flood.tell("set", v={"voice.attack": step / 10_000})
    assert closed_with(flood) in (0, 1008)
    page.meters(lambda m: not m.is_held(60))


def test_note_offs_are_never_refused(page: Browser, stage: Stage) -> None:
    for _ in range(3):
        for key in range(40, 70):
            page.tell("note", on=True, k=key)
        for key in range(40, 70):
            page.tell("note", on=False, k=key)
    page.tell("set", v={"voice.release": 0.01})
    page.meters(lambda m: not any(m.is_held(key) for key in range(128)))


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 4000])
def test_without_the_token_nobody_plays(server: PanelServer, token: str) -> None:
    stranger = Browser(server.link, hello=False)
    stranger.tell("hello", token=token)
    assert closed_with(stranger) == 1008


def test_who_says_nothing_is_sent_away(server: PanelServer) -> None:
    silent = Browser(server.link, hello=False)
    assert closed_with(silent) == 1008


def test_no_more_pages_than_allowed(server: PanelServer) -> None:
    pages = [Browser(server.link) for _ in range(MOST_PAGES)]
    one_more = Browser(server.link, hello=False)
    one_more.tell("hello", token=one_more.token)
    assert closed_with(one_more) == 1013
    for each in pages:
        each.close()


def test_files_are_served_with_a_strict_policy_and_nothing_else_is(server: PanelServer) -> None:
    status, headers, content = get(server, "/")
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert server.link.split("=")[1].encode() not in gzip.decompress(content)
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/etc/passwd", "//", "/x"):
        assert get(server, path)[0] == 404


def test_a_name_that_leads_here_is_not_enough(server: PanelServer) -> None:
    assert get(server, "/", host="evil.example")[0] == 403
    assert get(server, "/live", host="evil.example")[0] == 403
    for origin in (Origin("http://evil.example"), Origin("null"), None):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{place(server)}/live", origin=origin)
        assert refused.value.response.status_code == 403


def test_a_port_that_is_taken_is_said_in_one_line(server: PanelServer, stage: Stage) -> None:
    port = int(place(server).rpartition(":")[2])
    with pytest.raises(UsageError, match=f"the panel cannot listen at 127.0.0.1:{port}: "):
        PanelServer(stage.remote, HERE, port, pytest.fail)
