"""What most commands begin with: a model, its instruments, and a renderer of notes."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from gansynth_live.config import Config, control_map, values_of
from gansynth_live.errors import UsageError
from gansynth_live.heap import stay_small
from gansynth_live.kernel.first_start import compile_or_load
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import EVERYTHING, PartSettings
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import Beats, MorphControls
from gansynth_live.latent.kept import KeptInstruments
from gansynth_live.latent.library import Library
from gansynth_live.latent.living import STILL, Living, scaled
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.programs import ProgramMap
from gansynth_live.model.air.air import air_for
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.directions import directions_of
from gansynth_live.model.generator import open_generator
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.installed import model_path
from gansynth_live.model.runtime import usable_providers
from gansynth_live.model.spec import ModelSpec
from gansynth_live.render.notes.renderer import Inversion, NoteRenderer
from gansynth_live.render.slots.pool import slots_within

log = logging.getLogger(__name__)

FIRST_INSTRUMENTS = 4


class Instrument(NamedTuple):
    """A model that is ready to sound."""

    bundle: Bundle
    library: Library
    renderer: NoteRenderer


def open_library(path: Path | str | None) -> tuple[Bundle, Library]:
    """A model by name or folder (none: the shipped one), its instruments and those the user kept.

    Raises:
        ModelError: there is no such model, or its bundle is damaged.
    """
    bundle = load_bundle(model_path(path))
    kept = KeptInstruments.of_user(bundle.digest)
    library = Library(
        bundle.instruments,
        bundle.spec.latent_size,
        kept,
        mixtures=isinstance(bundle.spec.family, Harmonic),  # an auto-decoder; the other is a GAN
        played=bundle.latent,
        directions=lambda: directions_of(bundle).by_name(),
        vibratos=bundle.vibrato,
        livings=bundle.living,
        programs=bundle.programs,
    )
    return bundle, library


def open_instrument(
    path: Path | str | None,
    inversion: str,
    sample_rate: int,
    threads: int = 0,
    air: float = Config().air.amount,
    life: float = 0.0,
) -> Instrument:
    """A model ready to render notes at `sample_rate`; `threads` 0 means one.

    `air` says how much its notes have of what lies above 8 kHz, `life` how much their partials
    fluctuate: 0 none, 1 as much as real ones.

    Raises:
        ModelError: the bundle is missing or damaged.
    """
    stay_small()
    bundle, library = open_library(path)
    spec = bundle.spec
    # One thread for each network run: the render workers are the parallel ones.
    generator = open_generator(bundle, threads or 1)
    compile_or_load()
    log.info("model %s of %s on %s", spec.name, bundle.path, usable_providers())
    sound = make_inversion(spec, inversion, air if sample_rate > spec.sample_rate else 0.0)

    def living(timbre: Blend) -> Living:
        return scaled(library.living(timbre), life) if life else STILL

    return Instrument(bundle, library, NoteRenderer(generator, sound, sample_rate, living))


def make_inversion(spec: ModelSpec, name: str, air: float) -> Inversion:
    """The inversion of a model, "phase-locked" or "faithful"; the latter has no air."""
    sizes = spec.stft, spec.mel_bins, spec.sample_rate
    if name == "faithful":
        return FaithfulInversion(*sizes)
    ours = isinstance(spec.family, Harmonic)  # learnt notes that `train data` made
    band = air_for(spec.stft, spec.sample_rate, air, decimated=ours)
    return LockedInversion(*sizes, band)


def path_instruments(names: Sequence[str], library: Library) -> tuple[str, ...]:
    """The instruments of a morph path.

    The default settings name instruments of the shipped model; another model, which must play
    without any settings too, puts its own first ones there.

    Raises:
        UsageError: an instrument is unknown.
    """
    by_default = tuple(names) == Config().morph.instruments
    if by_default and not set(names) <= set(library.names):
        return tuple(library.names[:FIRST_INSTRUMENTS])
    return library.known(names)


def program_map(config: Config, library: Library) -> ProgramMap:
    """The instruments that program changes select, as the settings want it."""
    general = library.programs if config.midi.programs == "gm" else ()
    return ProgramMap(library.names, general)


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
    library.known(config.motion.orbit)
    controls = control_map(config)
    for name in (*config.morph.directions, *controls.directions):
        library.direction(name)
    library.known([config.morph.program] if config.morph.program else [])
    programs = program_map(config, library)
    morph = replace(config.morph, instruments=path.instruments)
    return MorphControls(path, programs, morph, config.motion, controls, beats=beats, lasts=lasts)


def require_pitch(pitch: int, spec: ModelSpec) -> None:
    """Raise `UsageError` for a pitch that the model was not made for."""
    if not spec.low_pitch <= pitch <= spec.high_pitch:
        raise UsageError(
            f"the model knows pitches {spec.low_pitch}..{spec.high_pitch}, not {pitch}"
        )


def make_machine(
    config: Config, renderer: NoteRenderer, parts: Sequence[PartSettings] = (EVERYTHING,)
) -> Machine:
    """The performance memory, as the settings want it; all that works on it is compiled."""
    compile_or_load()
    slots = slots_within(config.cache.megabytes, renderer.note_bytes)
    seconds = renderer.length / renderer.device_rate
    return Machine(
        renderer.device_rate, values_of(config), slots, seconds, parts, control_map(config)
    )
