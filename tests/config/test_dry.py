"""Settings without effects."""

from gansynth_live.config import DRY, load_config, values_of, with_parts, without_effects


def test_nothing_is_sent_whatever_parts_and_controllers_say() -> None:
    tables = [{"instruments": ["cello"], "effects": {"delay": 0.5}, "voice": {"attack": 1.0}}]
    config = without_effects(with_parts(load_config(overrides=["effects.plate=0.7"]), tables, ""))
    assert DRY.items() <= values_of(config).items()
    [part] = config.part
    assert part.own == {"voice.attack": 1.0}
    assert not DRY.keys() & config.controllers.keys()
    assert config.controllers.keys() | DRY.keys() >= load_config().controllers.keys()


def test_the_rest_stays() -> None:
    before, after = (
        values_of(config) for config in (load_config(), without_effects(load_config()))
    )
    assert {name for name, value in before.items() if after[name] != value} <= DRY.keys()
