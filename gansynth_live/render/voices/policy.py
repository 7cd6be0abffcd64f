"""What a sounding voice needs next: decided from what is known of it, nothing else."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import NamedTuple

from gansynth_live.model.audio.stft import Stft
from gansynth_live.render.continuation.passage import newest_start
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.slots.render import OfVoice, Owner
from gansynth_live.render.voices.tracker import TrackedVoice
from gansynth_live.render.voices.view import Timing, VoiceView

SPACING = 1.5  # frames between two steps of a moving blend: 20 a second
AHEAD = 0.4  # share of a note: so long before a voice's samples end, the next ones are begun
PRESSING = 0.1  # the same: so long before it, nothing else comes first


class Rank(IntEnum):
    """How urgent a continuation is."""

    PRESSING = 0  # or the voice runs dry
    TURN = 1  # the blend has moved
    IN_GOOD_TIME = 2


class Need(NamedTuple):
    """A continuation that a voice needs. Those of the least rank and order come first."""

    rank: Rank
    order: float  # of a TURN the number of its last continuation, else the seconds that are left
    serial: int
    timbre: Timbre
    start: int | None  # see `Join`


class Policy:
    """Says what a voice needs, from how it stands and what it should sound like.

    Args:
        stft, timing: of the model.
        is_paused: whether an owner's last job has failed and is not yet to be tried again.
    """

    def __init__(self, stft: Stft, timing: Timing, is_paused: Callable[[Owner], bool]) -> None:
        self._stft = stft
        self._timing = timing
        self._seconds = stft.samples / timing.rate  # of a note
        self._is_paused = is_paused

    def needs(
        self, view: VoiceView, voice: TrackedVoice, target: Timbre, lead: float
    ) -> Iterator[Need]:
        """The continuations that a voice needs, of which one can be begun.

        Args:
            target: the timbre that it should turn to.
            lead: seconds from the beginning of a continuation until a voice may go on in it.
        """
        passage = voice.passage
        if passage is None or view.stays:
            return
        if voice.following is not None and not (voice.is_open and voice.goes_on_as_it_is):
            return
        newest = newest_start(passage.tape, self._stft)
        soonest = self._timing.soonest(view, passage, lead)
        in_time = passage.start + SPACING * self._stft.hop <= soonest <= newest
        turns = in_time and not view.is_released and target != voice.timbre
        if turns and not self._is_paused(OfVoice(target, view.serial)):
            yield Need(Rank.TURN, voice.begun, view.serial, target, None)
        if voice.following is not None or self._is_paused(OfVoice(voice.timbre, view.serial)):
            return
        left = self._timing.seconds_until(view, passage, passage.end)
        is_pressing = left < PRESSING * self._seconds
        # Seconds of the note, not of the clock: a key that plays its render fast needs no more.
        place = self._timing.place(view, passage) / self._timing.device_rate
        is_soon = passage.end / self._timing.rate - place < AHEAD * self._seconds
        if (is_pressing or is_soon) and passage.end <= newest:
            rank = Rank.PRESSING if is_pressing else Rank.IN_GOOD_TIME
            yield Need(rank, left, view.serial, voice.timbre, max(passage.end, soonest))
