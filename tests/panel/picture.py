"""Draws the picture of the panel in the README: a blend on the pad, a chord that sounds.

python -m tests.panel.picture docs/pictures/panel.png
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gansynth_live.panel.server import PanelServer
from tests.eventually import eventually
from tests.panel.browser import Visit, chromium, visit
from tests.panel.stage import HERE, Stage

INSTRUMENTS = 'morph.instruments=["cello", "flute", "choir", "celesta", "french horn", "oboe"]'
CHORD = "ADGK"  # on the computer's keyboard
ACROSS, DOWN = 0.42, 0.4  # where the hand goes on the pad
SPECTRUM_MS = 12_000  # until the spectrum has travelled over half of the page


def draw(path: Path) -> None:
    """Write the picture."""
    with TemporaryDirectory() as folder, Stage(Path(folder), (INSTRUMENTS,)) as stage:
        remote = stage.remote
        with PanelServer(remote, HERE, 0, print) as server, chromium() as browser:
            remote.subscribe(server.feed.change)
            with visit(browser, server) as visitor:
                _play(visitor, stage)
                visitor.page.screenshot(path=path)


def _play(visitor: Visit, stage: Stage) -> None:
    page = visitor.page
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + ACROSS * box["width"], box["y"] + DOWN * box["height"], steps=20)
    page.mouse.up()
    eventually(lambda: _is_fresh(stage))
    for key in CHORD:
        page.keyboard.down(f"Key{key}")
    page.wait_for_timeout(SPECTRUM_MS)


def _is_fresh(stage: Stage) -> bool:
    renders = stage.synth.renders.snapshot()
    return renders.fresh == renders.keys


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
