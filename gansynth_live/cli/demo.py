"""`gansynth-live demo`: a minute's proof that everything works here, to hear and to see."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gansynth_live.config import Config
    from gansynth_live.latent.path import MorphPath
    from gansynth_live.midi import Event

SAMPLE_RATE = 48_000
GAIN = "output.gain_db=3"  # one voice at a time leaves room


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="WAV")] = Path("demo.wav"),
    plot: Annotated[Path, typer.Option("--plot", metavar="PNG")] = Path("demo.png"),
    silent: Annotated[bool, typer.Option("--silent", help="Only write the files.")] = False,
) -> None:
    """Perform a prelude by Bach, morphing through five instruments.

    It is written to demo.wav, drawn in demo.png, and played if there is an audio output.
    """
    from gansynth_live.cli.demo_score import INSTRUMENTS, demo_events
    from gansynth_live.cli.engine_render import render_with_engine
    from gansynth_live.cli.morph_plan import by_controllers
    from gansynth_live.config import load_config
    from gansynth_live.errors import DeviceError
    from gansynth_live.instrument import open_instrument, path_instruments
    from gansynth_live.latent.path import MorphPath
    from gansynth_live.midi import pair_notes
    from gansynth_live.pictures.piece import draw_piece

    settings = load_config(overrides=[GAIN])
    model = settings.model
    opened = open_instrument(model.path, model.inversion, SAMPLE_RATE, model.threads)
    path = MorphPath(path_instruments(INSTRUMENTS, opened.library))
    events = demo_events()
    plan = by_controllers(path, opened.library.names, settings.morph)
    sound = render_with_engine(out, events, plan, opened, settings)
    title = "J. S. Bach, prelude of the first cello suite, BWV 1007"
    draw_piece(plot, sound, SAMPLE_RATE, pair_notes(events), plan.track(), title)
    typer.echo(f"{' > '.join(path.instruments)}: {out} to hear, {plot} to see")
    if not silent:
        try:
            _play(events, path, settings)
        except DeviceError as error:
            typer.echo(f"not played here: {error}", err=True)


def _play(events: "Sequence[Event]", path: "MorphPath", settings: "Config") -> None:
    from gansynth_live.cli.morph_plan import by_controllers
    from gansynth_live.cli.progress import progress
    from gansynth_live.drivers.offline import frames_of
    from gansynth_live.drivers.output import open_output, plan_output
    from gansynth_live.drivers.stage import perform_live
    from gansynth_live.instrument import make_machine, open_instrument
    from gansynth_live.render.offline import Lookahead, plan_notes

    audio, model = settings.audio, settings.model
    output_plan = plan_output(audio.driver, audio.device or None, audio.sample_rate, audio.block)
    rate = output_plan.sample_rate
    opened = open_instrument(model.path, model.inversion, rate, model.threads)
    machine = make_machine(settings, opened.renderer)
    plan = by_controllers(path, opened.library.names, settings.morph)
    timed = frames_of(events, rate)
    notes = plan_notes(timed, plan.after)
    output = open_output(output_plan, machine)
    try:
        with (
            Lookahead(machine, opened.renderer, opened.library.latent, notes) as ahead,
            progress(f"playing: {output.description}", timed[-1][0]) as advance,
        ):
            perform_live(machine, output, ahead, timed, advance)
    finally:
        output.close()
