import msgspec

from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.normaliser import PerBin

SMALL = Harmonic(channels=(4, 4, 4, 4), up=(2, 1), partials=5)


def test_settings_must_grow_to_the_image() -> None:
    assert SMALL.problem(32, 256) is None
    assert "32x256" in str(SMALL.problem(128, 1024))


def test_the_default_model_holds_six_million_parameters() -> None:
    bundle = load_bundle(default_bundle_path())
    assert isinstance(bundle.spec.family, Harmonic)
    sizes = bundle.spec.family.tensors(256, 61)
    assert sizes["b.2.weight"] == (64, 88, 3, 3)
    assert sum(tensor.size for tensor in bundle.weights.values()) > 6_000_000


def test_a_normaliser_for_each_bin_does_not_fit_the_smooth_envelopes() -> None:
    spec = load_bundle(default_bundle_path()).spec
    assert spec.problem() is None
    assert "one normaliser" in str(msgspec.structs.replace(spec, normaliser=PerBin()).problem())
