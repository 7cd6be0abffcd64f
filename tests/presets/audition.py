"""What a preset sounds like: a fixed phrase through the engine, and how loud that is."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import lfilter

from gansynth_live.config import load_config
from gansynth_live.instrument import Instrument
from gansynth_live.midi.messages import NOTE_OFF, NOTE_ON, Event
from gansynth_live.performance.ensemble import settings_parts
from gansynth_live.performance.file_render import render_with_engine
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.settings import lend_instruments, tables_of

RATE = 48_000
VELOCITY = 90
PHRASE = (
    (36, 0.0, 1.0),
    (60, 1.0, 2.0),
    (84, 2.0, 3.0),
    (48, 3.0, 6.0),
    (55, 3.0, 6.0),
    (64, 3.0, 6.0),
)
GATE = 0.4, 0.1  # seconds of a window, and between two
FLOOR, BELOW = -70.0, 10.0  # LUFS that count at all; and how far below the mean of these


def played(preset: Preset, instrument: Instrument, folder: Path) -> NDArray[np.float32]:
    """C2, C4, C6 and a chord, 6 s, as `render --preset` plays them: float32 [frames, 2]."""
    lend_instruments(preset, instrument.bundle, instrument.library)
    config = load_config(None, (), tables_of(preset.patch))
    messages = [(on, NOTE_ON, key) for key, on, _ in PHRASE]
    messages += [(off, NOTE_OFF, key) for key, _, off in PHRASE]
    events = [Event(time, kind, key, VELOCITY) for time, kind, key in sorted(messages)]
    plans = settings_parts(events, config, instrument.library)
    out = folder / "phrase.wav"
    render_with_engine(out, events, plans, instrument, config, RATE)
    samples: NDArray[np.float32] = soundfile.read(out, dtype="float32")[0]
    return samples


def loudness(samples: NDArray[np.float32]) -> float:
    """LUFS by ITU-R BS.1770 of [frames, 2] at 48 kHz: K weighting, two gates."""
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285],
             [1.0, -1.69065929318241, 0.73248077421585])  # fmt: skip
    low_cut = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    weighted = lfilter(*low_cut, lfilter(*shelf, samples, axis=0), axis=0)
    window, hop = (int(seconds * RATE) for seconds in GATE)
    starts = range(0, len(weighted) - window, hop)
    powers = np.array([(weighted[at : at + window] ** 2).mean(axis=0).sum() for at in starts])
    heard = powers[_lufs(powers) > FLOOR]
    return float(_lufs(heard[_lufs(heard) > _lufs(heard.mean()) - BELOW].mean()))


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))
