"""What `play` says of its panel, and where that listens."""

import logging
import re
import sys
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from gansynth_live.cli.panel import panel_served
from gansynth_live.errors import UsageError
from gansynth_live.log import SHOWN
from tests.panel.stage import Browser, Stage

ELSEWHERE = "127.0.0.2"  # also this computer, where it is Linux
NOBODYS = "192.0.2.1"  # for documentation only (RFC 5737)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("presets")) as playing:
        yield playing


def link_of(said: str) -> str:
    found = re.search(r"^panel: (http://\S+/#token=\S+)$", said, re.MULTILINE)
    assert found is not None
    return found[1]


def status(link: str) -> int:
    connection = HTTPConnection(link.removeprefix("http://").split("/")[0], timeout=5.0)
    connection.request("GET", "/")
    return connection.getresponse().status


def test_the_link_is_printed_and_good_while_it_plays(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with panel_served(stage.remote, None, None, 0, pytest.fail):
        out, said = capsys.readouterr()
        link = link_of(said)
        assert link.startswith("http://127.0.0.1:")
        assert out == ""
        assert status(link) == 200
    with pytest.raises(ConnectionRefusedError):
        status(link)


def test_none_is_served_where_none_is_wanted(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with panel_served(stage.remote, False, None, 0, pytest.fail):
        assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="one loopback address elsewhere")
def test_a_tablet_gets_a_code_and_the_player_a_warning(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with panel_served(stage.remote, None, ELSEWHERE, 0, pytest.fail):
        out, said = capsys.readouterr()
        link = link_of(said)
        assert "whoever is in this network can read" in said
        assert said.count("\u2580") + said.count("\u2584") > 100  # a QR code of half blocks
        assert out == ""
        assert status(link) == 200
        with pytest.raises(ConnectionRefusedError):
            status(link.replace(ELSEWHERE, "127.0.0.1"))


def test_an_address_of_another_computer_is_refused_in_one_line(stage: Stage) -> None:
    with (
        pytest.raises(UsageError, match=f"cannot listen at {NOBODYS}:8123"),
        panel_served(stage.remote, None, NOBODYS, 8123, pytest.fail),
    ):
        pass


def test_a_page_reads_what_the_terminal_says_and_what_is_played(
    stage: Stage, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(SHOWN, "gansynth_live")
    with panel_served(stage.remote, None, None, 0, pytest.fail):
        page = Browser(link_of(capsys.readouterr().err))
        logging.getLogger("gansynth_live").log(SHOWN, "a keyboard has come")
        assert page.hear("log")["line"] == "a keyboard has come"
        stage.synth.send(0x90, 61, 77)
        stage.synth.send(0x80, 61)
        lines = page.hear("midi")["lines"]
        assert any("77" in line for line in lines)
        page.close()
