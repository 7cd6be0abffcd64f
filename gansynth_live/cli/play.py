"""`gansynth-live play`: MIDI in, sound out, until Ctrl-C."""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any

import typer

from gansynth_live.cli.options import ConfigOption, ModelOption, SetOption, split_names
from gansynth_live.cli.terminal import entered_lines, survive_the_background
from gansynth_live.log import SHOWN

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
    seconds: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="Stop after so long.")
    ] = None,
    config: ConfigOption = None,
    set_: SetOption = None,
) -> None:
    """Play: MIDI in, sound out, until Ctrl-C.

    Prints a line that begins with `ready` when every key can be played. Enter is panic: it
    silences everything. So does the signal SIGUSR1, where there is no terminal.
    """
    chosen = {
        "audio.driver": driver,
        "audio.device": device,
        "audio.sample_rate": sample_rate,
        "audio.block": block,
        "audio.connect": connect,
        "midi.inputs": midi_in or None,
        "midi.virtual_port": virtual_midi,
        "model.path": None if model is None else str(model),
        "morph.instruments": None if instruments is None else split_names(instruments),
    }
    overrides = [f"{key}={_toml(value)}" for key, value in chosen.items() if value is not None]
    with _interrupted_by(STOP_SIGNALS):
        _perform(config, [*(set_ or ()), *overrides], seconds)


def _perform(config: Path | None, overrides: list[str], seconds: float | None) -> None:
    from gansynth_live.cli.progress import progress
    from gansynth_live.config import load_config
    from gansynth_live.session import Session

    sys.setswitchinterval(SWITCH_SECONDS)
    settings = load_config(config, overrides)
    with Session(settings, _say) as session:
        pitches = session.snapshot().renders.pitches
        with progress("rendering the keyboard", pitches) as advance:
            shown = 0

            def show(settled: int, _pitches: int) -> None:
                nonlocal shown
                advance(settled - shown)
                shown = settled

            session.renders.wait_until_ready(show)
        stop = _event_of(*STOP_SIGNALS)
        panic = _event_of(*PANIC_SIGNALS)
        survive_the_background()
        Thread(target=_panic_at_enter, args=(session.panic,), daemon=True).start()
        typer.echo(f"ready: {pitches} keys; {session.snapshot().output}")
        sys.stdout.flush()
        left = float("inf") if seconds is None else seconds
        while left > 0.0 and not stop.is_set() and session.wait(min(left, LOOK_SECONDS)):
            left -= LOOK_SECONDS
            if panic.is_set():
                panic.clear()
                _silence(session.panic)
        played = session.snapshot().engine
    lost = f", {played.dropped} messages lost in a flood" if played.dropped else ""
    _say(f"{played.notes} notes played, {played.xruns} late blocks{lost}")


def _event_of(*signals: signal.Signals) -> Event:
    """From now on these signals only set this event, and break nothing off in the middle."""
    event = Event()
    for number in signals:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: event.set())
    return event


def _panic_at_enter(panic: Callable[[], None]) -> None:
    for _ in entered_lines():
        _silence(panic)


def _silence(panic: Callable[[], None]) -> None:
    panic()
    _say("panic: silence")


@contextmanager
def _interrupted_by(signals: tuple[signal.Signals, ...]) -> Iterator[None]:
    """Have each of the signals act as Ctrl-C does; what was before is put back at the end."""
    before = {
        number: signal.signal(number, signal.default_int_handler)
        for number in signals
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _say(line: str) -> None:
    log.log(SHOWN, line)


def _toml(value: Any) -> str:
    # Texts, numbers and lists of texts are written alike in JSON and in TOML.
    return json.dumps(value)
