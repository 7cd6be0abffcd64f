"""How a session stands at one moment, as a screen shows it: counts, levels, every key."""

import time

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.layout import KEYS, PENDING
from gansynth_live.panel.playing import Meters
from gansynth_live.render.schedule.snapshot import RenderSnapshot
from gansynth_live.session import Session
from gansynth_live.units import gain_to_db

FLOOR_DB = -120.0
NONE, STALE, FRESH = range(3)  # bits 0 and 1 of a key
HELD, KEPT, LEVEL = 4, 8, 4  # bit 2, bit 3, and where the level begins
LEVELS, LEVEL_DB = 15, 4.0
LOOK_SECONDS = 0.1  # between two looks at the renders, which hold the workers up


class Glance:
    """Looks at a session, for any number of screens. For one thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._synth = session.synth
        self._looked_at = -LOOK_SECONDS
        self._states_of: dict[int, NDArray[np.uint8]] = {}  # by part, at the last look

    def meters(self, part: int) -> Meters:
        """How things stand; keys are those of a part."""
        engine = self._synth.machine.snapshot()
        listener = self._synth.listeners[part if part < len(self._synth.listeners) else 0]
        renders, frame = self._renders(), self._synth.frame
        return Meters(
            limits=engine.reduction < 1.0,
            lost=not self._session.has_output,
            learns=self._session.learner.waits,
            voices=engine.voices,
            peak_db=_db(engine.peak),
            reduction_db=-_db(engine.reduction),
            load=self._session.load,
            fresh=renders.fresh,
            keys=renders.keys,
            waiting=int((self._synth.machine.memory.voices["stage"] == PENDING).sum()),
            late=engine.xruns,
            pad=listener.pad_at(frame),
            position=listener.position_at(frame),
            each_key=(self._states(listener.number) | self._touches(listener.number)).tobytes(),
        )

    def _renders(self) -> RenderSnapshot:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at, self._snapshot = now, self._synth.renders.snapshot()
            self._states_of.clear()
        return self._snapshot

    def _states(self, part: int) -> NDArray[np.uint8]:
        """[128] what was rendered of each key at the last look."""
        if part not in self._states_of:
            self._states_of[part] = self._look_at_keys(part)
        return self._states_of[part]

    def _look_at_keys(self, part: int) -> NDArray[np.uint8]:
        ages = self._snapshot.stale_ms
        spec = self._session.instrument.bundle.spec
        count = spec.high_pitch - spec.low_pitch + 1
        states = np.zeros(KEYS, np.uint8)
        for key in range(KEYS):
            pitch = self._synth.machine.tunings.pitch_of(part, key)
            if pitch is not None and spec.low_pitch <= pitch <= spec.high_pitch:
                age = ages[part * count + pitch - spec.low_pitch]
                states[key] = NONE if age is None else FRESH if age == 0.0 else STALE
        return states

    def _touches(self, part: int) -> NDArray[np.uint8]:
        """[128] how each key is held, and how loud it is."""
        touches = np.zeros(KEYS, np.uint8)
        for voice in self._synth.machine.voices():
            if voice["part"] != part:
                continue
            key = int(voice["key"])
            held = HELD if voice["held"] else 0 if voice["released"] else KEPT
            loudness = _db(float(max(voice["amplitude_left"], voice["amplitude_right"])))
            level = int(min(max(LEVELS + loudness / LEVEL_DB, 1.0), LEVELS))
            before = int(touches[key])
            louder = max(before >> LEVEL, level)
            touches[key] = louder << LEVEL | before & (HELD | KEPT) | held
        return touches


def _db(gain: float) -> float:
    return max(gain_to_db(gain), FLOOR_DB) if gain > 0.0 else FLOOR_DB
