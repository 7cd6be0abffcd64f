from pathlib import Path

import numpy as np
import pytest
import torch

from gansynth_live.model.bundle import default_bundle_path, load_bundle, write_bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.model.harmonic.detail import Detail
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.training import melif
from gansynth_live.training.adversarial import Kind, discriminator_loss, gradient_penalty
from gansynth_live.training.export import progressive_alphas, progressive_weights
from gansynth_live.training.harmonic import HarmonicDecoder
from gansynth_live.training.progressive import START, Discriminator, Generator, at_progress
from gansynth_live.training.tables import decoder_tables, describe

CHANNELS = (8, 6, 4)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))


def test_the_fresh_detail_head_changes_nothing() -> None:
    torch.manual_seed(0)
    sizes = Detail(hidden=8, channels=(4, 4, 4), bands=4)
    plain = HarmonicDecoder(decoder_tables(), (4, 4, 4, 4), 8, None)
    fine = HarmonicDecoder(decoder_tables(), (4, 4, 4, 4), 8, sizes)
    fine.load_state_dict(plain.state_dict(), strict=False)
    z, pitch = torch.randn(2, 8), torch.tensor([0, 36])
    with torch.no_grad():
        assert torch.equal(plain(z, pitch), fine(z, pitch))


def test_the_decoder_is_the_network_that_the_instrument_plays() -> None:
    bundle = load_bundle(default_bundle_path())
    family = bundle.spec.family
    decoder = HarmonicDecoder(decoder_tables(), family.channels, 256, family.detail)  # type: ignore[union-attr]
    decoder.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in bundle.weights.items()})
    z = np.stack(list(bundle.instruments.values())[:2])
    pitch = np.array([40, 67])
    with torch.no_grad():
        image = decoder(torch.from_numpy(z), torch.from_numpy(pitch - 24)).numpy()
    frames = open_generator(bundle, 1).begin(z, pitch).frames(0, 128)
    power = frames[..., 0] * melif.POWER_SCALE + melif.POWER_OFFSET
    np.testing.assert_allclose(power, image[:, 0], atol=1e-3)
    turn = np.mod(frames[..., 1] - image[:, 1] / melif.TURN_SCALE + 1, 2) - 1
    assert np.abs(turn).max() < 2e-3


@pytest.mark.parametrize("progress", [6.0, 5.25])
def test_the_progressive_generator_is_the_familys(tmp_path: Path, progress: float) -> None:
    torch.manual_seed(0)
    channels = (8, 8, 8, 4, 4, 4, 2)
    generator = Generator(channels, 16, 61)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter)
    weights = {
        k: v.numpy() for k, v in progressive_weights(generator.state_dict(), progress).items()
    }
    family = Progressive(*START, channels, progressive_alphas(progress))
    z = np.random.default_rng(0).standard_normal((1, 16)).astype(np.float32)
    write_bundle(tmp_path / "b", describe("test", "none", 16, family), weights, {"one": z[0]})
    notes = open_generator(load_bundle(tmp_path / "b"), 1).begin(z, np.array([62]))
    frames = notes.frames(0, 128)[0]
    with torch.no_grad():
        image = generator(torch.from_numpy(z), torch.tensor([38]), progress)[0].numpy()
    power = frames[..., 0] * melif.POWER_SCALE + melif.POWER_OFFSET
    # Two channels at the end: pixel norm magnifies rounding where both are near zero.
    assert np.quantile(np.abs(power - image[0]), 0.999) < 5e-3
    assert np.quantile(np.abs(frames[..., 1] * melif.TURN_SCALE - image[1]), 0.999) < 5e-3


@pytest.mark.parametrize("progress", [0.0, 0.4, 1.0, 1.7, 2.0])
def test_both_networks_grow_together(progress: float) -> None:
    generator, judge = Generator(CHANNELS, 4, 61), Discriminator(CHANNELS, 61)
    made = generator(torch.randn(4, 4), torch.arange(4), progress)
    real = at_progress(torch.randn(4, 2, 8, 64), progress, len(CHANNELS))
    assert made.shape == real.shape
    realness, logits = judge(made, progress)
    assert realness.shape == (4,)
    assert logits.shape == (4, 61)


def test_growing_is_seamless() -> None:
    generator, judge = Generator(CHANNELS, 4, 61), Discriminator(CHANNELS, 61)
    z, pitch = torch.randn(4, 4), torch.arange(4)
    with torch.no_grad():
        before = generator(z, pitch, 1.0)
        after = generator(z, pitch, 1.0 + 1e-6)
        assert torch.allclose(
            torch.nn.functional.interpolate(before, scale_factor=2), after, atol=1e-4
        )
        large = torch.nn.functional.interpolate(before, scale_factor=2)
        assert torch.allclose(judge(before, 1.0)[0], judge(large, 1.0 + 1e-6)[0], atol=1e-4)


@pytest.mark.parametrize("kind", ["logistic", "wgan-gp"])
def test_losses_prefer_a_discriminator_that_knows(kind: Kind) -> None:
    high, low = torch.full((4,), 2.0), torch.full((4,), -2.0)
    assert discriminator_loss(kind, high, low) < discriminator_loss(kind, low, high)
    slope = 3.0
    images = torch.zeros(4, 1, 2, 2)
    penalty = gradient_penalty(
        kind, lambda x: (slope * x[:, 0, 0, 0], x.flatten(1)), images, images
    )
    expected = 0.5 * slope**2 if kind == "logistic" else (slope - 1) ** 2
    assert float(penalty) == pytest.approx(expected, rel=1e-4)
