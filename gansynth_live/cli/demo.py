"""`gansynth-live demo`: a piece of Bach, morphing, to hear and to see."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from gansynth_live.errors import DeviceError

SAMPLE_RATE = 48_000
TITLE = "Bach, BWV 1007, opening of the prelude; its harmonies, held"


def demo(
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where demo.wav and demo.png are written.")
    ] = Path(),
) -> None:
    """Perform a piece that morphs through five instruments; its last chords morph while they sound.

    It is heard if there is an output device, and always written to demo.wav and drawn in demo.png.
    """
    from gansynth_live.cli.demo_score import INSTRUMENTS, demo_events
    from gansynth_live.cli.progress import progress
    from gansynth_live.config import load_config
    from gansynth_live.instrument import make_controls, open_instrument
    from gansynth_live.latent.path import MorphPath
    from gansynth_live.midi import pair_notes
    from gansynth_live.performance.file_render import render_with_engine
    from gansynth_live.performance.morph_plan import MorphPlan
    from gansynth_live.pictures.piece import draw_piece
    from gansynth_live.pictures.rainbowgram import RainbowgramStream

    began = time.monotonic()
    settings, events = load_config(), demo_events()
    instrument = open_instrument(
        None,
        settings.model.inversion,
        SAMPLE_RATE,
        air=settings.air.amount,
        life=settings.life.amount,
    )
    path = MorphPath(INSTRUMENTS)
    plan = MorphPlan(path, lambda: make_controls(settings, path, instrument.library), events)
    sound, picture = folder / "demo.wav", folder / "demo.png"
    overview = RainbowgramStream(SAMPLE_RATE)
    frames = render_with_engine(
        sound,
        events,
        [plan],
        instrument,
        settings,
        SAMPLE_RATE,
        listen=overview.push,
        progress=progress,
    )
    typer.echo(f"{sound}: {frames / SAMPLE_RATE:.0f} s, {' - '.join(INSTRUMENTS)}")
    with _speakers(sound):
        draw_piece(picture, overview.finish(), pair_notes(events), plan.track(), TITLE)
        typer.echo(f"{picture}: the same to look at; made in {time.monotonic() - began:.0f} s")


def _speakers(sound: Path) -> ExitStack:
    """Start to play a sound file; leaving the stack waits for its end. No speakers: only say so."""
    import soundfile

    from gansynth_live.drivers.playback import playing

    stack = ExitStack()
    try:
        device = stack.enter_context(
            playing(soundfile.read(sound, dtype="float32")[0], SAMPLE_RATE)
        )
        typer.echo(f"playing on {device}")
    except DeviceError as error:
        typer.echo(f"not played: {error}")
    return stack
