"""A continuation begins: its frames are made, and only then is it said where its voice joins."""

from collections.abc import Callable

from gansynth_live.kernel.machine import Machine
from gansynth_live.model.audio.handover import nearest_frame
from gansynth_live.render.continuation.continuation import Continuation
from gansynth_live.render.continuation.estimate import Look, look_needed
from gansynth_live.render.continuation.frame_source import BlendFrames
from gansynth_live.render.continuation.passage import newest_start
from gansynth_live.render.continuation.walk import plan_frames
from gansynth_live.render.notes.frame_cache import FrameCache
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import LatentOf, Timbre
from gansynth_live.render.slots.render import Join, OfVoice, Render
from gansynth_live.render.voices.lead_time import LeadTime
from gansynth_live.render.voices.view import Timing, VoiceReader


class ContinuationStarter:
    """Begins continuations. Methods are for workers, without the scheduler's lock.

    Args:
        length: of each continuation, in frames.
        clock: seconds, rising.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: LatentOf,
        frames: FrameCache,
        timing: Timing,
        lead: LeadTime,
        length: int,
        clock: Callable[[], float],
    ) -> None:
        self._reader = VoiceReader(machine)
        self._renderer = renderer
        self._latent = latent
        self._frames = frames
        self._timing = timing
        self._lead = lead
        self._length = length
        self._clock = clock
        self._stft = renderer.locked.stft

    def begin(self, render: Render, owner: OfVoice) -> Continuation:
        """The continuation that a render is to hold.

        To make frames takes longest, and how long differs. So it is done before the join is chosen.
        """
        join, render.join = render.join, None
        assert join is not None  # noqa: S101 (a voice's job has one)
        past, start = join.past, join.start
        source = past.source
        if join.turns:
            source = self._blend(owner.timbre, render.pitch)
            if start is None:
                likely = self._start(owner, join, self._lead.least)
                self._prepare(source, join, likely, render.goal)
                render.prepared_at = self._clock()
        start = self._start(owner, join, self._lead.last)
        return Continuation(
            self._renderer.locked,
            self._renderer.device_rate,
            render.pitch,
            join.walk,
            source,
            past.tape,
            start,
            past.standing(start),
            self._length,
        )

    def _blend(self, timbre: Timbre, pitch: int) -> BlendFrames:
        renderer = self._renderer
        latent, frames = self._latent(timbre, pitch), self._frames.mixture(timbre, pitch)
        change = renderer.fluctuation(timbre, pitch)
        return BlendFrames(latent, frames, renderer.generator, renderer.locked.unfold, change)

    def _prepare(self, source: BlendFrames, join: Join, start: int, frames: int) -> None:
        """Have the first `frames` of a continuation made.

        It will begin at `start` or, if that takes longer, a frame later.
        """
        standing, zone = join.past.standing(start), join.walk.zone
        if look_needed(standing, source.latent) is not Look.NONE:
            for places in (zone.onset, zone.early, zone.late):
                source.prepare(places)
        first = nearest_frame(self._stft, start)
        decaying = standing.trend.decaying if standing.trend else 0.0
        path = plan_frames(join.walk, first, first + frames + 1, standing.clock, decaying)
        source.prepare(path.places)

    def _start(self, owner: OfVoice, join: Join, lead: float) -> int:
        """The sample of the note, at the inversion's rate, at which a voice is to go on."""
        start = join.start
        if start is None:
            view = self._reader.look(join.voice, owner.serial)
            start = join.past.end if view is None else self._timing.soonest(view, join.past, lead)
        return min(start, newest_start(join.past.tape, self._stft))
