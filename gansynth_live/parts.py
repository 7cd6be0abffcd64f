"""Which parts an instrument has: what the keys of which channels play."""

from typing import NamedTuple

from gansynth_live.config import Config, with_values
from gansynth_live.errors import ConfigError
from gansynth_live.instrument import path_instruments
from gansynth_live.kernel.layout import PARTS
from gansynth_live.kernel.settings import ALL_CHANNELS, EVERYTHING, PartSettings
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.parameters.sound import PartTable


class PartPlan(NamedTuple):
    """What a part is made from.

    Attributes:
        settings: which keys play it, and what differs there in the kernel.
        path: what its morph controls travel.
        config: the settings as they are for it.
    """

    settings: PartSettings
    path: MorphPath
    config: Config


def plan_parts(config: Config, library: Library) -> list[PartPlan]:
    """The parts that the settings want.

    Channels that no part of `config.part` names are one more part, which plays the path of the
    morph settings; without any parts that is all. A part without instruments keeps its channels
    silent.

    Raises:
        ConfigError: no channel is left that plays, or there are too many parts.
        UsageError: an instrument is unknown.
    """
    everything = MorphPath(path_instruments(config.morph.instruments, library))
    if not config.part:
        return [PartPlan(EVERYTHING, everything, config)]
    named = {channel for part in config.part for channel in part.channels or ALL_CHANNELS}
    others = tuple(channel for channel in ALL_CHANNELS if channel not in named)
    parts = [_planned(part, config, library) for part in config.part if part.instruments]
    if others:
        parts.append(PartPlan(PartSettings(channels=others), everything, config))
    if not parts:
        raise ConfigError("every channel is off, so nothing could sound; give a part instruments")
    if len(parts) > PARTS:
        raise ConfigError(f"{len(parts)} parts are more than {PARTS}; let parts share channels")
    return parts


def _planned(table: PartTable, config: Config, library: Library) -> PartPlan:
    settings = PartSettings(
        channels=table.channels,
        low=table.low,
        high=table.high,
        transpose=table.transpose,
        values={"part.level_db": table.level_db, "part.pan": table.pan, **table.own},
    )
    path = MorphPath(library.known(table.instruments))
    return PartPlan(settings, path, with_values(config, table.own))
