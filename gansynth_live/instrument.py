"""What most commands begin with: a model, its instruments, and a renderer of notes."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from gansynth_live.config import Config, default_config
from gansynth_live.errors import UsageError
from gansynth_live.kernel.compile import compile_all
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import Settings
from gansynth_live.latent.controls import Beats, MorphControls
from gansynth_live.latent.kept import KeptInstruments
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle, default_bundle_path, load_bundle
from gansynth_live.model.directions import directions_of
from gansynth_live.model.generator import open_generator
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.runtime import usable_providers
from gansynth_live.model.spec import ModelSpec
from gansynth_live.render.note import Inversion, NoteRenderer
from gansynth_live.render.pool import slots_within

log = logging.getLogger(__name__)

INVERSIONS: dict[str, Callable[[Stft, int, int], Inversion]] = {
    "phase-locked": LockedInversion,
    "faithful": FaithfulInversion,
}

FIRST_INSTRUMENTS = 4


class Instrument(NamedTuple):
    """A model that is ready to sound."""

    bundle: Bundle
    library: Library
    renderer: NoteRenderer


def open_library(path: Path | str | None) -> tuple[Bundle, Library]:
    """A bundle (none: the shipped one) and its instruments, with those the user kept.

    Raises:
        ModelError: the bundle is missing or damaged.
    """
    bundle = load_bundle(Path(path) if path else default_bundle_path())
    kept = KeptInstruments.of_user(bundle.digest)
    library = Library(
        bundle.instruments,
        bundle.spec.latent_size,
        kept,
        mixtures=isinstance(bundle.spec.family, Harmonic),  # an auto-decoder; the other is a GAN
        played=bundle.latent,
        directions=lambda: directions_of(bundle).by_name(),
        vibratos=bundle.vibrato,
    )
    return bundle, library


def open_instrument(
    path: Path | str | None, inversion: str, sample_rate: int, threads: int = 0
) -> Instrument:
    """A model ready to render notes at `sample_rate`; `threads` 0 means one.

    Raises:
        ModelError: the bundle is missing or damaged.
    """
    bundle, library = open_library(path)
    spec = bundle.spec
    # One thread for each network run: the render workers are the parallel ones.
    generator = open_generator(bundle, threads or 1)
    compile_all()
    log.info("model %s of %s on %s", spec.name, bundle.path, usable_providers())
    sound = INVERSIONS[inversion](spec.stft, spec.mel_bins, spec.sample_rate)
    return Instrument(bundle, library, NoteRenderer(generator, sound, sample_rate))


def path_instruments(names: Sequence[str], library: Library) -> tuple[str, ...]:
    """The instruments of a morph path.

    The default settings name instruments of the shipped model; another model, which must play
    without any settings too, puts its own first ones there.

    Raises:
        UsageError: an instrument is unknown.
    """
    by_default = tuple(names) == default_config().morph.instruments
    if by_default and not set(names) <= set(library.names):
        return tuple(library.names[:FIRST_INSTRUMENTS])
    for name in names:
        library.instrument(name)
    return tuple(names)


def make_controls(
    config: Config,
    path: MorphPath,
    library: Library,
    beats: Beats | None = None,
    lasts: float | None = None,
) -> MorphControls:
    """The morph controls as the settings want them; `beats` and `lasts` as `MorphControls` says.

    Raises:
        UsageError: an instrument of the round trip or a direction is unknown.
    """
    for name in config.motion.orbit:
        library.instrument(name)
    for name in config.morph.directions:
        library.direction(name)
    return MorphControls(path, library.names, config.morph, config.motion, beats=beats, lasts=lasts)


def require_pitch(pitch: int, spec: ModelSpec) -> None:
    """Raise `UsageError` for a pitch that the model was not made for."""
    if not spec.low_pitch <= pitch <= spec.high_pitch:
        raise UsageError(
            f"the model knows pitches {spec.low_pitch}..{spec.high_pitch}, not {pitch}"
        )


def make_machine(config: Config, renderer: NoteRenderer) -> Machine:
    """The performance memory, as the settings want it; all that works on it is compiled."""
    compile_all()
    voice, output = config.voice, config.output
    settings = Settings(
        attack=voice.attack,
        decay=voice.decay,
        sustain=voice.sustain,
        release=voice.release,
        fade=voice.steal_fade,
        polyphony=voice.polyphony,
        voices_per_key=voice.voices_per_key,
        bend_range=voice.bend_range,
        velocity_curve=voice.velocity_curve,
        velocity_brightness=voice.velocity_brightness,
        pressure_brightness=voice.pressure_brightness,
        vibrato=config.vibrato.amount,
        gain_db=output.gain_db,
        ceiling_db=output.ceiling_db,
        brightness_control=config.morph.brightness_cc,
        half_pedal=config.midi.half_pedal,
        invert_pedals=config.midi.invert_pedals,
        active_sensing=config.midi.active_sensing,
        channels=config.midi.channels,
    )
    slots = slots_within(config.cache.megabytes, renderer.note_bytes)
    seconds = renderer.length / renderer.device_rate
    return Machine(renderer.device_rate, settings, slots, seconds)
