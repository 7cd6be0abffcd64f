"""What is heard of the effects: decay, level, width, and no click when something moves."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.kernel.effects.taps import DELAY, PLATE
from gansynth_live.kernel.machine import Machine
from tests.kernel.effects.wet import answer, sending, wet_machine
from tests.kernel.small import ROOT, lift, load, play, press

RATE = 8000  # low, where the sound itself does not matter
SMALLEST_NORMAL = np.finfo(np.float32).smallest_normal


def decay_seconds(sound: NDArray[np.float32], rate: int) -> float:
    """Reverberation time of an answer to an impulse, by its energy from -5 to -35 dB (T30).

    Around 600 Hz: far below the damping, which is a matter of its own.
    """
    spectrum = np.fft.rfft(sound) * np.exp(
        -(((np.fft.rfftfreq(len(sound), 1.0 / rate) - 600.0) / 200.0) ** 2)
    )
    left = np.cumsum(np.fft.irfft(spectrum, len(sound))[::-1] ** 2)[::-1]
    level = 10.0 * np.log10(left / left[0] + 1e-30)
    first, last = np.argmax(level < -5.0), np.argmax(level < -35.0)
    return float(-60.0 / (np.polyfit(np.arange(first, last), level[first:last], 1)[0] * rate))


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("decay", [0.4, 1.0, 2.2])
def test_the_plate_decays_in_its_time_at_any_rate(rate: int, decay: float) -> None:
    sound = np.zeros(int((1.1 * decay + 0.5) * rate), np.float32)
    sound[200] = 1.0
    added, _ = answer("plate", sound, rate, plate_decay=decay)
    for side in added:
        assert decay_seconds(side, rate) == pytest.approx(decay, rel=0.1)


def noise(frames: int, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-0.1, 0.1, frames).astype(np.float32)


def rms(sound: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("effect", ["plate", "ensemble", "delay"])
def test_a_sum_to_mono_is_no_thinner(effect: str) -> None:
    """And the two sides differ: the effect is wide."""
    added, dry = answer(effect, noise(48_000), 48_000)
    both = added + dry
    assert rms(both.mean(axis=0)) > 10.0 ** (-3.0 / 20.0) * rms(dry)
    assert abs(np.corrcoef(added[:, 24_000:])[0, 1]) < 0.6


def endless(effect: str, **set_up: float) -> Machine:
    """A note of noise that does not end for ten minutes, and is sent to an effect."""
    machine = wet_machine([sending(**{effect: 1.0})], 480, RATE, ceiling_db=80.0, **set_up)
    load(machine, noise(480))
    return machine


@pytest.mark.parametrize(
    ("effect", "setting", "low", "high"),
    [("plate", "plate_size", 0.5, 1.5), ("delay", "delay_time", 0.01, 2.6)],
)
def test_energy_never_grows(effect: str, setting: str, low: float, high: float) -> None:
    """Ten minutes of notes at the longest decay, while what moves the taps never rests."""
    machine = endless(effect, plate_decay=20.0, plate_drift=1.0, delay_feedback=0.95)
    random = np.random.default_rng(2)
    minutes = []
    for _ in range(10):
        levels = []
        for _ in range(100):
            press(machine, ROOT)
            for _ in range(8):
                machine.set(setting, float(random.uniform(low, high)))
                levels.append(rms(play(machine, 600)))
        minutes.append(np.sqrt(np.mean(np.square(levels))))
    assert max(minutes[1:]) < 1.3 * minutes[1]
    assert machine.snapshot().bad == 0
    for _ in range(40):
        machine.set(setting, float(random.uniform(low, high)))
        play(machine, RATE)
    assert rms(play(machine, RATE)) < 0.02 * minutes[-1]


def moved(sound: NDArray[np.float32], setting: str, value: float) -> list[NDArray[np.float32]]:
    """Left side of plate or delay under a note, before and while a setting moves, at 48 kHz."""
    levels = {setting.partition("_")[0]: 1.0}
    fixed = {"plate_low_cut": 20.0, "delay_feedback": 0.0}
    machine = wet_machine([sending(**levels)], len(sound), 48_000, attack=0.0, **fixed)
    load(machine, sound)
    press(machine, ROOT)
    before = play(machine, 48_000)[0, 24_000:]
    machine.set(setting, value)
    return [before, play(machine, 6000)[0]]


def tone() -> NDArray[np.float32]:
    wave: NDArray[np.float64] = np.sin(2.0 * np.pi * 500.0 / 48_000 * np.arange(96_000))
    return (0.1 * wave).astype(np.float32)


@pytest.mark.parametrize("size", [0.6, 1.4])
def test_the_size_changes_without_a_click_or_a_gap(size: float) -> None:
    before, moving = (np.diff(sound, 2) for sound in moved(tone(), "plate_size", size))
    assert np.abs(moving).max() < 1.5 * np.abs(before).max()
    before, moving = moved(noise(96_000), "plate_size", size)
    assert min(map(rms, moving.reshape(-1, 500))) > 0.7 * rms(before)


def test_the_time_of_the_delay_changes_without_a_sweep() -> None:
    """A tone keeps its pitch while the taps move."""
    _, moving = moved(tone(), "delay_time", 0.2)
    spectrum = np.abs(np.fft.rfft(moving * np.hanning(len(moving)))) ** 2
    centre = round(500.0 * len(moving) / 48_000)
    assert spectrum[centre - 8 : centre + 9].sum() > 0.999 * spectrum.sum()


def test_echoes_change_sides() -> None:
    sound = np.zeros(RATE, np.float32)
    sound[100] = 1.0
    set_up = {"delay_time": 0.1, "delay_tone": 16_000.0, "delay_feedback": 0.5}
    added, _ = answer("delay", sound, RATE, **set_up)
    for number, side in enumerate((0, 1, 0, 1), 1):
        near = slice(90 + number * RATE // 10, 120 + number * RATE // 10)
        assert added[side, near].max() == pytest.approx(0.5 ** (number - 1), rel=0.05)
        assert np.abs(added[1 - side, near]).max() < 1e-4


@pytest.mark.parametrize("effect", ["plate", "delay"])
def test_nothing_becomes_denormal(effect: str) -> None:
    """In the longest tails the filters at the entrance have long come to rest."""
    machine = endless(effect, plate_decay=20.0, delay_feedback=0.9, delay_time=0.3)
    press(machine, ROOT)
    play(machine, RATE)
    lift(machine, ROOT)
    play(machine, 20 * RATE, 1024)
    state = machine.memory.rack["effects"][0][PLATE if effect == "plate" else DELAY]
    assert state["awake"]
    kept = machine.memory.rack["lines"][0][state["first"] : state["first"] + state["mask"] + 1]
    for values in (kept, state[["low_left", "low_right", "bass"]].tolist()):
        sizes = np.abs(np.array(values))
        assert np.all((sizes == 0.0) | (sizes > SMALLEST_NORMAL))
