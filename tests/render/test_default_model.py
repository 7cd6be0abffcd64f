"""The shipped model through the whole room: rendered, levelled, listed, played."""

import numpy as np
import pytest

from gansynth_live.config import DRY
from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.library import Library
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.render.notes.level import TARGET_RMS, loudest_rms
from gansynth_live.render.notes.renderer import SLICE_STOPS, NoteRenderer
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.units import key_to_hz

RATE = 48000


@pytest.fixture(scope="module")
def library() -> Library:
    bundle = load_bundle(default_bundle_path())
    return Library(bundle.instruments, bundle.spec.latent_size, played=bundle.latent)


@pytest.fixture(scope="module")
def shipped() -> NoteRenderer:
    bundle = load_bundle(default_bundle_path())
    spec = bundle.spec
    inversion = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    return NoteRenderer(open_generator(bundle, threads=1), inversion, RATE)


def cents_off(samples: np.ndarray, key: int) -> float:
    """Distance of the strongest harmonic from where `key` has it, by the FFT's parabola."""
    window = np.hanning(len(samples))
    magnitude = np.abs(np.fft.rfft(samples * window, 8 * len(samples)))
    peak = int(np.argmax(magnitude))
    left, middle, right = np.log(magnitude[peak - 1 : peak + 2])
    bin_ = peak + 0.5 * (left - right) / (left - 2 * middle + right)
    harmonic = bin_ * RATE / (8 * len(samples)) / key_to_hz(key)
    return float(1200 * np.log2(harmonic / max(round(harmonic), 1)))


@pytest.mark.parametrize(("name", "pitch"), [("cello", 36), ("flute", 72), ("vibraphone", 60)])
def test_a_note_is_whole_in_tune_and_level(
    shipped: NoteRenderer, library: Library, name: str, pitch: int
) -> None:
    latent = library.played(name, pitch)
    note = shipped.render_whole(latent, pitch)
    assert len(note.samples) == 4 * RATE
    assert loudest_rms(note.samples, RATE) * note.gain == pytest.approx(TARGET_RMS, rel=0.03)
    assert abs(cents_off(note.samples[RATE : 2 * RATE], pitch)) < 5.0
    assert np.array_equal(np.concatenate(list(shipped.render(latent, pitch))), note.samples)


def test_a_cold_key_sounds_after_its_first_slice_and_goes_on_without_a_hole(
    shipped: NoteRenderer, library: Library
) -> None:
    machine = Machine(RATE, DRY, slots=70)
    flute = Blend.only("flute")
    live = LiveCache(machine, shipped, library.latent, [flute], report=pytest.fail)
    machine.send(-1, 0x90, 72, 100)
    assert not process_block(machine, 480).any()
    live.note_on(72)
    slices = 0
    while (render := live.scheduler.poll()) is not None and render.pitch == 72:
        live.scheduler.work(render)
        slices += 1
        assert process_block(machine, 4800).any()
    assert slices == len(SLICE_STOPS)
    sound = np.concatenate([process_block(machine, 4800) for _ in range(20)], axis=1)
    assert machine.snapshot().starved == 0
    assert abs(cents_off(sound[0, :RATE], 72)) < 5.0
