"""How the notes sound that are played, against real ones: ripple at the frame rate, air, distance.

Held instruments of the shipped model are played as the instrument plays them: as they begin, as
blends, and after they were held so long that all is continuation. Real notes are those of the
soundfont that the model learnt; without it, ours stand alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from gansynth_live.bench.figures import Figure, Finding, Missing
from gansynth_live.bench.held_note import always, held_note, only
from gansynth_live.bench.loudness_line import BANDS, Wave, air_db, ripple_db
from gansynth_live.errors import GansynthError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.latent.blend import Blend

GROUP = "sound"
RATE = 48_000
HELD = ("trumpet", "violin", "oboe", "clarinet", "strings", "flute", "reed organ", "cello")
AIRY = ("muted trumpet", "violin", "harpsichord", "sitar", "cello", "trumpet")
KEYS = (48, 60, 67)
VELOCITY = 100
BEGINNING, LATER = (0.5, 2.75), (8.0, 10.25)  # seconds of the note that are listened to
RIPPLE_ROOM = 3.0  # dB that ours may have more than real notes
COLLECTION = Path(__file__).parents[2] / "configs" / "training" / "instruments.toml"

Render = Callable[[str, int], Wave]


def measure(quick: bool) -> Iterator[Finding]:
    """Ripple and air of notes, blends and endless holds."""
    instrument = open_instrument(None, "phase-locked", RATE, air=1.0)
    names, keys = (HELD[:2], KEYS[:1]) if quick else (HELD, KEYS)
    notes = [(name, key) for name in names for key in keys]
    real = _real_notes()
    if real is None:
        yield Missing(GROUP, "real notes", "the `train` extra, and the font of docs/training.md")
    ours = {
        "ours": [_steady(_note(instrument, *note), BEGINNING) for note in notes],
        "blends": [_steady(wave, BEGINNING) for wave in _blends(instrument, notes)],
        "held for 8 s": [_steady(wave, LATER) for wave in _holds(instrument, notes)],
    }
    for band in BANDS:
        goal, name = None, f"ripple, {_hertz(band)}"
        if real is not None:
            theirs = _mean_ripple([_steady(real(*note), BEGINNING) for note in notes], band)
            goal = theirs + RIPPLE_ROOM
            yield Figure(GROUP, f"{name}: real notes", theirs, "dB")
        for what, waves in ours.items():
            yield Figure(GROUP, f"{name}: {what}", _mean_ripple(waves, band), "dB", at_most=goal)
    for name in AIRY[:1] if quick else AIRY:
        yield _air_figure(f"{name}, ours", [_note(instrument, name, key) for key in KEYS])
        if real is not None:
            yield _air_figure(f"{name}, real", [real(name, key) for key in KEYS])


def _air_figure(name: str, waves: list[Wave]) -> Figure:
    level = float(np.mean([air_db(wave, RATE) for wave in waves]))
    return Figure(GROUP, f"above 8 kHz: {name}", level, "dB")


def _blends(instrument: Instrument, notes: list[tuple[str, int]]) -> Iterator[Wave]:
    """Each note half in another instrument."""
    for (name, key), (other, _) in zip(notes, reversed(notes), strict=True):
        half = always(Blend.of([(name, 0.5), (other, 0.5)]))
        yield held_note(instrument, key, VELOCITY, half, BEGINNING[1])


def _holds(instrument: Instrument, notes: list[tuple[str, int]]) -> Iterator[Wave]:
    for name, key in notes:
        yield held_note(instrument, key, VELOCITY, only(name), LATER[1])


def _note(instrument: Instrument, name: str, key: int) -> Wave:
    latent = instrument.library.latent(Blend.only(name), key)
    return instrument.renderer.render_whole(latent, key).samples


def _real_notes() -> Render | None:
    """Notes of the soundfont at 48 kHz, tuned; None where it or its synth is missing."""
    try:
        from gansynth_live.training.instruments import read_collection
        from gansynth_live.training.soundfont import SoundFont, find_font

        collection = read_collection(COLLECTION)
        font = SoundFont(find_font(collection.font))
    except (GansynthError, ImportError):
        return None
    presets = {instrument.name: instrument.preset for instrument in collection.instruments}

    def render(name: str, key: int) -> Wave:
        preset = presets[name]
        return font.wide_note(preset.bank, preset.program, key, collection.velocity)

    return render


def _mean_ripple(waves: list[Wave], band: tuple[float, float]) -> float:
    return float(np.mean([ripple_db(wave, RATE, band) for wave in waves]))


def _steady(wave: Wave, span: tuple[float, float]) -> Wave:
    return wave[round(span[0] * RATE) : round(span[1] * RATE)]


def _hertz(band: tuple[float, float]) -> str:
    return f"{band[0] / 1000:g} to {band[1] / 1000:g} kHz"
