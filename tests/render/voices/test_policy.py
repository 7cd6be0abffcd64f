"""What a voice needs next, from what is known of it: no machine, no threads, no clock."""

from dataclasses import dataclass

import pytest

from gansynth_live.kernel.layout import ONE, RELEASE
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.stft import Stft
from gansynth_live.render.continuation.frame_source import FrameSource, MeasuredFrames
from gansynth_live.render.continuation.passage import Passage, VoiceState
from gansynth_live.render.continuation.walk import Walk
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.render.slots.render import Job, Keep, OfKey, Owner, Render
from gansynth_live.render.voices.policy import Need, Policy, Rank
from gansynth_live.render.voices.tracker import TrackedVoice
from gansynth_live.render.voices.view import Timing, VoiceView
from tests.kernel.small import constant
from tests.render.conftest import RATE, SAMPLES, latent

STFT = Stft(fft_size=128, hop=32, frames=32, samples=SAMPLES)
LEAD = 0.01
HOLDING = 3  # any stage but the last ones


@dataclass
class Whole(Passage):
    """A note that is all there; it can be continued up to sample 700."""

    tape: AudioHistory
    source: FrameSource
    start: int = 0
    end: int = 700
    base: int = 0

    def standing(self, start: int) -> VoiceState:
        raise NotImplementedError(start)


@pytest.fixture
def voice() -> TrackedVoice:
    tape = AudioHistory(0, SAMPLES, STFT.hop, -STFT.padding)
    tape.append(constant(SAMPLES))
    inversion = LockedInversion(STFT, mel_bins=64, sample_rate=RATE)
    owner = OfKey("flute", 60)
    render = Render.of(Job(owner, 60, (32,), Keep.NEWEST), slot=3)
    render.passage = Whole(tape, MeasuredFrames(latent("flute", 60), tape, inversion))
    return TrackedVoice(Walk(Zone.of(STFT), 1), render)


def needs(
    voice: TrackedVoice, sample: int, target: str, *, stage: int = HOLDING, paused: bool = False
) -> list[Need]:
    def is_paused(_owner: Owner) -> bool:
        return paused

    view = VoiceView(0, 7, 0, stage, 3, 0, sample * ONE, 1.0, 1.0)
    return list(Policy(STFT, Timing(RATE, RATE), is_paused).needs(view, voice, target, LEAD))


def test_a_voice_turns_to_a_blend_that_has_moved(voice: TrackedVoice) -> None:
    (need,) = needs(voice, 200, "bell")
    assert (need.rank, need.serial, need.timbre, need.start) == (Rank.TURN, 7, "bell", None)


def test_a_voice_that_sounds_as_it_should_needs_nothing(voice: TrackedVoice) -> None:
    assert needs(voice, 200, "flute") == []


def test_a_released_voice_does_not_turn(voice: TrackedVoice) -> None:
    assert needs(voice, 200, "bell", stage=RELEASE) == []


def test_the_end_presses_more_and_more(voice: TrackedVoice) -> None:
    ranks = [[need.rank for need in needs(voice, at, "flute")] for at in (200, 400, 650)]
    assert ranks == [[], [Rank.IN_GOOD_TIME], [Rank.PRESSING]]
    (need,) = needs(voice, 650, "flute")
    assert need.start == 730, "the end is nearer than a lead"


def test_what_has_failed_is_not_needed_before_its_time(voice: TrackedVoice) -> None:
    assert needs(voice, 650, "bell", paused=True) == []


def test_what_is_begun_is_not_begun_again(voice: TrackedVoice) -> None:
    voice.following = Render.of(Job(OfKey("bell", 60), 60, (32,), Keep.SOUNDING), slot=4)
    assert needs(voice, 200, "bell") == []
    assert needs(voice, 200, "organ") == [], "it is finished first"
