"""`gansynth-live play`: MIDI in, sound out, until Ctrl-C."""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gansynth_live.cli import SIGNALLED
from gansynth_live.cli.options import (
    ConfigOption,
    KeyboardMapOption,
    ModelOption,
    SetOption,
    TuningOption,
    split_names,
    tuning_settings,
)
from gansynth_live.cli.osc import OscOption, OscSendOption, osc_served
from gansynth_live.cli.panel import PanelHostOption, PanelOption, PanelPortOption, panel_served
from gansynth_live.cli.part_options import PartOption
from gansynth_live.cli.preset_option import PresetOption, load_settings, wanted_preset
from gansynth_live.cli.status import live_status
from gansynth_live.cli.terminal import entered_lines, survive_the_background
from gansynth_live.cli.typed import TypedCommands
from gansynth_live.log import SHOWN

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from gansynth_live.config import Config
    from gansynth_live.presets.preset import Preset
    from gansynth_live.session import Session

# A closed terminal window (SIGHUP) ends it in order too, unless it was started with `nohup`.
STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
PANIC_SIGNALS = (signal.SIGUSR1,) if hasattr(signal, "SIGUSR1") else ()
log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
# The thread that fetches MIDI must get the interpreter soon, whatever the other threads compute.
SWITCH_SECONDS = 0.0005


class Driver(StrEnum):
    """Ways out of the computer."""

    AUTO = "auto"
    JACK = "jack"
    PORTAUDIO = "portaudio"


def play(
    driver: Annotated[
        Driver | None, typer.Option(help="auto: JACK if its server runs, else PortAudio.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(metavar="NAME", help="Output device, or a part of its name.")
    ] = None,
    midi_in: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Listen to this input only; repeatable."),
    ] = None,
    virtual_midi: Annotated[
        str | None, typer.Option(metavar="NAME", help="Port that other programs can send to.")
    ] = None,
    block: Annotated[
        int | None, typer.Option(metavar="N", help="Frames a block; JACK has its own.")
    ] = None,
    connect: Annotated[
        bool | None,
        typer.Option("--connect/--no-connect", help="JACK: join the outputs to the speakers."),
    ] = None,
    sample_rate: Annotated[
        int | None, typer.Option(metavar="HZ", help="Frames a second; JACK has its own.")
    ] = None,
    model: ModelOption = None,
    instruments: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Morph path; default: the settings'.")
    ] = None,
    tuning: TuningOption = None,
    keyboard_map: KeyboardMapOption = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="Stop after so long.")
    ] = None,
    json_status: Annotated[
        bool, typer.Option("--json-status", help="A line of JSON a second: how it stands.")
    ] = False,
    panel: PanelOption = None,
    panel_host: PanelHostOption = None,
    panel_port: PanelPortOption = 0,
    osc: OscOption = None,
    osc_send: OscSendOption = None,
    preset: PresetOption = None,
    part: PartOption = None,
    config: ConfigOption = None,
    set_: SetOption = None,
) -> None:
    """Play: MIDI in, sound out, until Ctrl-C.

    Prints a line that begins with `ready` when every key can be played. Enter is panic: it
    silences everything. So does the signal SIGUSR1, where there is no terminal. `k` and Enter
    keeps what was just played (see `takes`); `load NAME` and `save NAME` are for presets; u, r
    and c undo, redo and compare.
    """
    chosen = {
        "audio.driver": driver,
        "audio.device": device,
        "audio.sample_rate": sample_rate,
        "audio.block": block,
        "audio.connect": connect,
        "midi.inputs": midi_in or None,
        "midi.virtual_port": virtual_midi,
        "model.path": model,
    }
    overrides = [f"{key}={_toml(value)}" for key, value in chosen.items() if value is not None]
    overrides += tuning_settings(tuning, keyboard_map)
    with _interrupted_by(STOP_SIGNALS) as leave_if_signalled:
        chosen_preset = wanted_preset(preset)
        path = None if instruments is None else split_names(instruments)
        settings = load_settings(config, [*(set_ or ()), *overrides], part, chosen_preset, path)
        outside = partial(_served, panel=(panel, panel_host, panel_port), osc=(osc, osc_send))
        _perform(settings, chosen_preset, seconds, json_status, outside, leave_if_signalled)


def _perform(
    settings: "Config",
    preset: "Preset | None",
    seconds: float | None,
    json_status: bool,
    served: "Callable[[Session], AbstractContextManager[None]]",
    leave_if_signalled: Callable[[], None],
) -> None:
    from gansynth_live.cli.progress import progress
    from gansynth_live.session import Session

    sys.setswitchinterval(SWITCH_SECONDS)
    with Session(settings, _say, preset=preset) as session:
        keys = session.synth.renders.keys
        with progress("rendering the keyboard", keys) as advance:
            shown = 0

            def show(settled: int, _keys: int) -> None:
                nonlocal shown
                advance(settled - shown)
                shown = settled
                session.wait(0.0)  # fails where there is nothing to be ready for
                leave_if_signalled()

            session.synth.renders.wait_until_ready(show)
        while not session.has_output:  # lost meanwhile; it comes back
            session.wait(LOOK_SECONDS)
            leave_if_signalled()
        stop = _event_of(*STOP_SIGNALS)
        leave_if_signalled()
        panic = _event_of(*PANIC_SIGNALS)
        survive_the_background()
        commands = TypedCommands(session)
        Thread(target=_obey_lines, args=(commands.obey,), daemon=True).start()
        typer.echo(f"ready: {keys} keys; {session.output}")
        sys.stdout.flush()
        with served(session), live_status(json_status) as (show_status, period):
            left, shown_at = float("inf") if seconds is None else seconds, float("inf")
            while left > 0.0 and not stop.is_set() and session.wait(min(left, LOOK_SECONDS)):
                left -= LOOK_SECONDS
                shown_at += LOOK_SECONDS
                if shown_at >= period:
                    shown_at = 0.0
                    show_status(session.synth.snapshot())
                if panic.is_set():
                    panic.clear()
                    commands.panic()
        played = session.synth.snapshot().engine
    lost = f", {played.dropped} messages lost in a flood" if played.dropped else ""
    _say(f"{played.notes} notes played, {played.xruns} late blocks{lost}")


@contextmanager
def _served(
    session: "Session",
    panel: tuple[bool | None, str | None, int],
    osc: tuple[str | None, str | None],
) -> Iterator[None]:
    """Let the session be reached from outside."""
    from gansynth_live.remote import Remote

    remote = Remote(session, _say)
    with panel_served(remote, *panel, _say), osc_served(remote, *osc, _say):
        yield


def _event_of(*signals: signal.Signals) -> Event:
    """From now on these signals only set this event, and break nothing off in the middle."""
    event = Event()
    for number in signals:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: event.set())
    return event


def _obey_lines(obey: Callable[[str], None]) -> None:
    for line in entered_lines():
        obey(line)


@contextmanager
def _interrupted_by(signals: tuple[signal.Signals, ...]) -> Iterator[Callable[[], None]]:
    """Have each of the signals end all that was begun, in order; at the end it is as before.

    Yields what ends it for a signal that came already: libraries swallow an exception that strikes
    while they call back.
    """
    caught: list[int] = []

    def leave() -> None:
        if caught:
            sys.exit(SIGNALLED + caught[0])

    def catch(number: int, _frame: object) -> None:
        caught.append(number)
        leave()

    before = {
        number: signal.signal(number, catch)
        for number in signals
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield leave
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _say(line: str) -> None:
    log.log(SHOWN, line)


def _toml(value: Any) -> str:
    # Texts, numbers and lists of texts are written alike in JSON and in TOML.
    return json.dumps(value)
