"""Which parts a piece is played by: those of the settings, or one for each of its channels."""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from gansynth_live.config import Config
from gansynth_live.instrument import make_controls, program_map
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.latent.controls import Beats, MorphControls
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.midi.messages import PROGRAM_CHANGE, Event
from gansynth_live.parts import plan_parts
from gansynth_live.performance.morph_plan import MorphPlan, is_choice


def settings_parts(
    events: Sequence[Event], config: Config, library: Library, beats: Beats | None = None
) -> list[MorphPlan]:
    """The parts that the settings want, as they are live."""
    return [
        MorphPlan(
            part.path,
            partial(make_controls, part.config, part.path, library, beats),
            events,
            part.settings,
        )
        for part in plan_parts(config, library)
    ]


def is_for_several(events: Sequence[Event]) -> bool:
    """Whether a piece plays on several channels and says with which programs."""
    channels = {event.channel for event in events if event.is_note_on}
    return len(channels) > 1 and any(event.kind == PROGRAM_CHANGE for event in events)


def channel_parts(
    events: Sequence[Event], config: Config, library: Library, beats: Beats | None = None
) -> list[MorphPlan]:
    """A part for each channel that has notes: it plays what its programs say.

    Until they say anything, that is program 0. No part has a path, so the controllers of the place
    on it and of its weights mean nothing here: files use them for what they are elsewhere.
    """
    controllers = {
        name: bindings for name, bindings in config.controllers.items() if not is_choice(name)
    }
    config = replace(config, controllers=controllers)
    first = program_map(config, library).find(0) or library.names[0]
    path = MorphPath((first,))
    begin: Callable[[], MorphControls] = partial(make_controls, config, path, library, beats)
    channels = sorted({event.channel + 1 for event in events if event.is_note_on})
    return [MorphPlan(path, begin, events, PartSettings((channel,))) for channel in channels]
