"""One instrument for all tests of the panel, and a server for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gansynth_live.panel.server import PanelServer
from tests.panel.stage import HERE, Browser, Stage


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("presets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        with Stage(folder) as playing:
            yield playing


@pytest.fixture
def server(stage: Stage) -> Iterator[PanelServer]:
    remote = stage.remote
    with PanelServer(remote, HERE, 0, pytest.fail) as serving:
        remote.subscribe(serving.feed.change)
        yield serving
    stage.synth.panic()
    while stage.editor.undo():  # the next test begins as this one did
        pass


@pytest.fixture
def page(server: PanelServer) -> Iterator[Browser]:
    browser = Browser(server.link)
    yield browser
    browser.close()
