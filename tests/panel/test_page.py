"""The page in a real browser, beside a real engine."""

import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from gansynth_live.panel.files import read_files
from gansynth_live.panel.server import PanelServer
from tests.eventually import eventually
from tests.panel.browser import SIZES, chromium, visit
from tests.panel.stage import Stage

MOST_BYTES = 120 * 1024
SILENT_AFTER = 0.3 + 0.2  # seconds, and a busy machine's share

# The driver of the browser leaves sockets of pages that went by themselves to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: PanelServer) -> Iterator[Page]:
    """On a desktop; nothing may be complained of."""
    with visit(browser, server) as visitor:
        yield visitor.page
        assert visitor.complaints == []


def held(stage: Stage) -> set[int]:
    voices = stage.synth.machine.voices()
    return {int(voice["key"]) for voice in voices if voice["held"]}


def value(stage: Stage, parameter: str) -> float:
    return float(stage.synth.parameters.value(0, parameter))


def middle(
    page: Page, selector: str, across: float = 0.5, down: float = 0.5
) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def silent_within(stage: Stage, began: float) -> None:
    eventually(lambda: not held(stage))
    assert time.monotonic() - began < SILENT_AFTER


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_it_opens_at_every_size_without_a_word_and_without_scrolling(
    browser: Browser, server: PanelServer, size: str, scheme: str
) -> None:
    with visit(browser, server, size, scheme) as visitor:
        page = visitor.page
        scrolled = page.evaluate(
            "[document.documentElement.scrollWidth - innerWidth,"
            " document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(scrolled) <= 0
        for name in ("#panic", "#pad", "#keys"):
            assert page.locator(name).is_visible()
            x, y = middle(page, name)
            assert 0 < x < SIZES[size][0]
            assert 0 < y < SIZES[size][1]
        assert visitor.complaints == []


def test_it_is_small() -> None:
    assert sum(len(file.content) for file in read_files().values()) <= MOST_BYTES


def test_the_pad_leads_the_sound(page: Page, stage: Stage) -> None:
    page.mouse.move(*middle(page, "#pad"))
    page.mouse.down()
    page.mouse.move(*middle(page, "#pad", 0.95, 0.5), steps=12)
    page.mouse.up()
    eventually(lambda: dict(stage.synth.renders.targets[0].weights).get("strings", 0) > 0.6)
    assert stage.synth.parameters.value(0, "morph.pad") is True
    page.keyboard.press("Control+KeyZ")
    eventually(lambda: stage.synth.parameters.value(0, "morph.pad") is False)


def test_a_key_of_the_page_sounds_and_shows_its_level(page: Page, stage: Stage) -> None:
    page.mouse.move(*middle(page, "#keys", 0.5, 0.9))
    page.mouse.down()
    eventually(lambda: len(held(stage)) == 1 and stage.synth.snapshot().engine.peak > 0.01)
    page.locator("#numbers [data-name=voices] b", has_text="1").wait_for()
    page.mouse.up()
    eventually(lambda: not held(stage))


def test_the_computers_keyboard_plays_by_the_place_of_its_keys(page: Page, stage: Stage) -> None:
    azerty_q = "KeyA"  # prints q there, and lies where others have their a
    page.keyboard.down(azerty_q)
    page.keyboard.down("KeyD")
    eventually(lambda: held(stage) == {60, 64})
    page.keyboard.down("KeyA")  # a repeat
    page.keyboard.up(azerty_q)
    eventually(lambda: held(stage) == {64})
    page.keyboard.up("KeyD")
    eventually(lambda: not held(stage))
    page.locator("#search").focus()
    page.keyboard.type("asdf")
    stage.let_pass(1600)
    assert not held(stage)


@pytest.mark.parametrize("end", ["closed", "reloaded", "blurred", "hidden", "gone elsewhere"])
def test_nothing_hangs_when_the_page_is_left(
    browser: Browser, server: PanelServer, stage: Stage, end: str
) -> None:
    with visit(browser, server) as visitor:
        page = visitor.page
        page.keyboard.down("KeyA")
        page.keyboard.down("KeyG")
        eventually(lambda: held(stage) == {60, 67})
        began = time.monotonic()
        if end == "closed":
            page.close()
        elif end == "reloaded":
            page.evaluate("setTimeout(() => location.reload())")
        elif end == "blurred":
            page.evaluate("dispatchEvent(new Event('blur'))")
        elif end == "hidden":
            page.evaluate(
                "Object.defineProperty(document, 'hidden', {get: () => true});"
                "document.dispatchEvent(new Event('visibilitychange'))"
            )
        else:
            page.goto("about:blank")
        silent_within(stage, began)
        if end == "reloaded":  # a browser that is on its way cannot be closed
            page.locator("body[data-link=open]").wait_for(state="attached")


def test_ten_fingers_play_ten_keys(browser: Browser, server: PanelServer, stage: Stage) -> None:
    with visit(browser, server, "tablet") as visitor:
        touch = visitor.page.context.new_cdp_session(visitor.page)
        box = visitor.page.locator("#keys").bounding_box()
        assert box is not None
        y = box["y"] + 0.9 * box["height"]
        points = [
            {"x": box["x"] + (finger + 0.5) * box["width"] / 15, "y": y, "id": finger}
            for finger in range(10)
        ]
        for count in range(1, 11):
            touch.send(
                "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:count]}
            )
        eventually(lambda: len(held(stage)) == 10)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        eventually(lambda: not held(stage))


def test_a_knob_turns_by_hand_by_key_and_by_number(page: Page, stage: Stage) -> None:
    dial = page.get_by_role("slider", name="Release", exact=True)
    dial.focus()
    page.keyboard.press("End")
    eventually(lambda: value(stage, "voice.release") == 30.0)
    page.keyboard.press("Home")
    eventually(lambda: value(stage, "voice.release") == 0.0)
    dial.dblclick()
    eventually(lambda: value(stage, "voice.release") == 0.4)
    assert dial.get_attribute("aria-valuetext") == "0.4 seconds"
    page.mouse.move(*middle(page, "[data-p='voice.release'] .dial"))
    page.mouse.down()
    page.mouse.move(middle(page, "[data-p='voice.release'] .dial")[0], 20, steps=8)
    page.mouse.up()
    eventually(lambda: value(stage, "voice.release") > 2.0)
    page.locator("[data-p='voice.release'] button.value").click()
    page.keyboard.type("1.5")
    page.keyboard.press("Enter")
    eventually(lambda: value(stage, "voice.release") == 1.5)


def test_the_hand_that_touches_wins_and_then_all_agree(
    browser: Browser, server: PanelServer, stage: Stage
) -> None:
    with visit(browser, server) as one, visit(browser, server) as other:
        dial = "[data-p='voice.attack'] .dial"
        shown = "[data-p='voice.attack'] button.value"
        one.page.mouse.move(*middle(one.page, dial))
        one.page.mouse.down()
        one.page.mouse.move(middle(one.page, dial)[0], 60, steps=4)
        eventually(lambda: value(stage, "voice.attack") > 0.002)
        mine = one.page.locator(shown).inner_text()
        slider = other.page.get_by_role("slider", name="Attack", exact=True)
        slider.focus()
        other.page.keyboard.press("End")
        eventually(lambda: value(stage, "voice.attack") == 20.0)
        other.page.locator(shown, has_text="20").wait_for()
        assert one.page.locator(shown).inner_text() == mine
        one.page.mouse.up()
        one.page.locator(shown, has_text="20").wait_for()


def test_a_preset_is_found_loaded_starred_and_undone(page: Page, stage: Stage) -> None:
    page.locator("#search").fill("glass dusk")
    entries = page.locator("#preset-list button.entry")
    assert entries.count() == 1
    entries.first.click()
    page.locator("#name", has_text="Glass Choir at Dusk").wait_for()
    eventually(lambda: "choir" in dict(stage.synth.renders.targets[0].weights))
    page.locator("#star").click()
    page.locator("#star[aria-pressed=true]").wait_for()
    page.locator("#star").click()
    page.locator("#star[aria-pressed=false]").wait_for()
    page.locator("#undo").click()
    eventually(lambda: stage.synth.renders.targets[0].weights == (("cello", 1.0),))


def test_a_controller_is_learnt_from_the_page(page: Page, stage: Stage) -> None:
    page.keyboard.press("Shift+KeyL")
    page.locator("[data-p='effects.delay_time']").scroll_into_view_if_needed()
    page.locator("[data-p='voice.decay']").click()
    eventually(lambda: stage.learner.waits)
    for moved in range(0, 127, 3):
        stage.synth.send(0xB0, 42, moved)
        stage.let_pass(320)
    page.locator("[data-p='voice.decay'][data-binding*='CC 42']").wait_for()
    page.locator("[data-p='voice.decay']").click()
    page.locator("#forget").click()
    page.locator("[data-p='voice.decay']:not([data-binding*='CC 42'])").wait_for()


def test_the_monitor_says_what_is_heard_and_from_where(page: Page, stage: Stage) -> None:
    page.locator("#show-monitor").click()
    page.locator("#devices", has_text=f"{stage.inputs[0]} \u2192 {stage.output}").wait_for()


def test_panic_is_one_key(page: Page, stage: Stage) -> None:
    for key in (50, 57):
        stage.synth.send(0x90, key, 100)
    eventually(lambda: len(stage.synth.machine.voices()) >= 2)
    page.keyboard.press("Escape")
    eventually(lambda: not len(stage.synth.machine.voices()))


def test_an_old_link_says_so(browser: Browser, server: PanelServer) -> None:
    with visit(browser, server) as visitor:
        visitor.page.evaluate("location.hash = '#token=old'")
        visitor.page.locator("body[data-link=refused]").wait_for()
        visitor.page.locator("#toast", has_text="Open the link").wait_for()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_serious(
    browser: Browser, server: PanelServer, size: str, scheme: str
) -> None:
    with visit(browser, server, size, scheme) as visitor:
        found = Axe().run(visitor.page)
        bad = [
            (each["id"], [node["target"] for node in each["nodes"]][:4])
            for each in found.response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert bad == []


def test_everything_can_be_reached_by_the_tab_key(page: Page) -> None:
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    for wanted in ("panic", "search", "pad-x", "pad-y", "position", "keys"):
        assert wanted in reached
    assert reached.index("panic") < reached.index("pad-x") < reached.index("keys")
