"""What was performed reaches a part's morph controls, and the keys that are rendered for it."""

from functools import partial

from gansynth_live.kernel.events import Performed
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.foresight import Foresight
from gansynth_live.latent.pad import Place
from gansynth_live.midi.messages import NOTE_ON
from gansynth_live.parameters.parameter import Value
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.schedule.returns import Returns


class Listener:
    """Hears the channels of a part, and aims its renders where its knobs are and where they go.

    For one thread.

    Args:
        number: of the part.
        part: which channels and keys are its own.
        foresight: of controls with the same settings as `controls`.
    """

    def __init__(
        self,
        number: int,
        part: PartSettings,
        controls: MorphControls,
        foresight: Foresight,
        renders: LiveCache[Blend],
    ) -> None:
        self.number = number
        self.part = part
        self._machine = renders.scheduler.machine
        self._controls = controls
        self._foresight = foresight
        self._renders = renders
        self._returns = Returns(  # whether one came, its message says
            part, partial(self._machine.tunings.pitch_of, number), is_solo=True
        )
        self._has_moved = True  # since the cache was told what to keep warm
        self._rests = False  # until the next message
        self._heard_until = 0  # frame before which everything has been heard

    @property
    def values(self) -> dict[str, Value]:
        """The parameters of morph and motion, as a patch keeps them."""
        return self._controls.values

    def value(self, parameter: str) -> Value:
        """What one of them was set to last."""
        return self._controls.value(parameter)

    def can_move(self, parameter: str) -> bool:
        """Whether `set` does for a parameter; for others there must be other controls."""
        return self._controls.can_move(parameter)

    def set(self, frame: int, parameter: str, value: Value) -> None:
        """Move a parameter at a frame, as if its controller did."""
        self._rests = False
        seconds = self._machine.seconds_at(frame)
        self._controls.set(seconds, parameter, value)
        self._foresight.set(seconds, parameter, value)

    def exchange(self, controls: MorphControls, foresight: Foresight) -> None:
        """Go on with other controls; what is played, not set, goes along."""
        controls.go_on_from(self._controls)
        foresight.go_on_from(self._foresight)
        self._rests = False
        self._has_moved = True
        self._controls, self._foresight = controls, foresight

    def pitches_of(self, channel: int, key: int) -> list[int]:
        """The pitch from whose render a key of a channel (0..15) starts; none: it is not heard."""
        pitch = self._machine.tunings.pitch_of(self.number, key)
        return [pitch] if pitch is not None and self.part.plays(channel, key) else []

    def hear(self, event: Performed) -> None:
        """Take in a message that was performed, unless it was expected before."""
        pitches = self._returns.after(event.status, event.data1, event.data2)
        if event.frame < self._heard_until:
            return
        if event.status & 0xF0 == NOTE_ON and event.data2 > 0:
            pitches = self.pitches_of(event.status & 0x0F, event.data1)
        for pitch in pitches if event.serial > 0 else ():
            self._renders.note_on(pitch, self.number)
        self.expect(event.frame, event.status, event.data1, event.data2)

    def expect(self, frame: int, status: int, data1: int, data2: int) -> None:
        """Take in a message that is still to be performed (see `has_heard`)."""
        if not self.part.hears(status):
            return
        self._rests = False
        seconds = self._machine.seconds_at(frame)
        self._controls.feed(seconds, status, data1, data2)
        self._foresight.feed(seconds, status, data1, data2)

    def has_heard(self, stop: int) -> None:
        """All messages before frame `stop` were expected: they are no news when performed."""
        self._heard_until = stop

    def blend_at(self, frame: int) -> Blend:
        """The blend at a frame, by what was heard."""
        return self._controls.blend_at(self._machine.seconds_at(frame))

    def pad_at(self, frame: int) -> Place | None:
        """The place on the pad at a frame; None: something else leads."""
        return self._controls.pad_at(self._machine.seconds_at(frame))

    def position_at(self, frame: int) -> float:
        """The place on the path at a frame, 0..1, as LFO and pressure move it."""
        return self._controls.position_at(self._machine.seconds_at(frame))

    def aim(self, frame: int) -> bool:
        """Aim the renders at the blend of a frame. True while that moves without any message."""
        if self._rests:
            return False
        now = self._machine.seconds_at(frame)
        blend = self._controls.blend_at(now)
        moves = blend != self._renders.parts[self.number].target
        self._renders.aim(blend, self._foresight.blend_at(now), self.number)
        if self._has_moved and not moves:
            self._renders.keep_warm(self._controls.anchors_at(now), self.number)
        self._has_moved = moves
        self._rests = not moves and self._controls.rests_at(now) and self._foresight.rests_at(now)
        return not self._rests
