"""The instrument's memory as Python sees it: messages and renders in, what was performed out.

Any thread may send messages and commands (each ring has a lock among its Python producers);
what was performed is fetched by one thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.crossing import load, put, put_event, store
from gansynth_live.kernel.dials import Dials
from gansynth_live.kernel.effects.setup import lay_out
from gansynth_live.kernel.events import Performed
from gansynth_live.kernel.layout import (
    COMMAND,
    FADING_VOICES,
    KEYS,
    NO_PITCH,
    PART_NUMBERS,
    POWER_ON,
    PUBLISH,
    SET,
    SET_PART,
    SETTINGS,
    STARVED,
    SWAP,
    THE_PROGRAM,
    VELOCITIES,
    WITHDRAW,
)
from gansynth_live.kernel.memory import (
    HEAD,
    HEARD,
    PANICS,
    TAIL,
    VOID,
    WOKEN,
    address_table,
    allocate,
)
from gansynth_live.kernel.settings import (
    EVERYTHING,
    NO_VIBRATO,
    PartSettings,
    machine_numbers,
    number_of,
    part_numbers,
    value_of,
    velocity_gains,
)
from gansynth_live.kernel.slots import Slots
from gansynth_live.kernel.snapshot import Snapshot, take_snapshot
from gansynth_live.kernel.swap import NO_SLOT
from gansynth_live.kernel.tuning import Tunings
from gansynth_live.parameters.controllers import ControlMap, default_bindings
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import TUNING

NOW = -1
BLANK: dict[str, float] = dict.fromkeys(COMMAND.names or (), 0)


class Machine:
    """One instrument: voices, keys, slots for renders, and the rings that lead in and out.

    Attributes:
        sample_rate: of the device, Hz.
        slot_rate: of the renders, Hz: the rate that it was made for.
        slots: buffers for renders.
        tunings: which pitch each key of each part has.
    """

    def __init__(
        self,
        sample_rate: int = 48000,
        values: Mapping[str, Value] = MappingProxyType({}),
        slots: int = 128,
        slot_seconds: float = 4.0,
        parts: Sequence[PartSettings] = (EVERYTHING,),
        controls: ControlMap | None = None,
    ) -> None:
        """Allocate everything that the callback will ever use.

        Args:
            sample_rate: of the device and of the renders, Hz.
            values: parameters by id; those that are left out are as by default.
            slots: buffers for renders.
            slot_seconds: length of a buffer.
            parts: what the keys of which channels play, PARTS at most.
            controls: which controllers move what; None: as by default.
        """
        self._values = dict(values)
        self._parts = parts
        self._own = [dict(part.values) for part in parts]
        self._controls = controls or ControlMap(default_bindings())
        self.sample_rate = self.slot_rate = sample_rate
        self._retuned = (0, 0.0)  # frame and second since which the device has its rate
        slot_frames = int(np.ceil(slot_seconds * sample_rate))
        voices = value_of(values, "voice.polyphony") + FADING_VOICES
        self.memory = allocate(voices, slots, slot_frames)
        self.slots = Slots(self.memory, slot_frames)
        self.tunings = Tunings(values, parts, self.memory.tuned)
        self.addresses = address_table(self.memory)
        self._sending = Lock()
        self._commanding = Lock()
        self._dropped = 0
        self._last_mention = np.zeros(slots, np.int64)
        self._prepare()

    def send(
        self, frame: int, status: int, data1: int = 0, data2: int = 0, port: int = THE_PROGRAM
    ) -> bool:
        """Put one MIDI message into the engine's queue, to act at `frame` or NOW.

        False, and counted, if there is no room: see `kernel/events.py` for what then becomes of
        note-offs. Messages must come in the order of their frames.
        """
        ring, cursor = self.memory.port_events, self.memory.port_cursor
        with self._sending:
            taken = put_event(ring, cursor, frame, status, data1, data2, port)
            self._dropped += not taken
        return taken

    def panic(self) -> None:
        """Silence now, every controller as at the start. What still waits in the queue is void."""
        cursor = self.memory.port_cursor
        with self._sending:
            cursor[VOID] = cursor[HEAD]
            store(cursor, PANICS, int(cursor[PANICS]) + 1)

    def wake(self) -> None:
        """End the waiting for news: somebody wants something of the thread that waits."""
        store(self.memory.performed_cursor, WOKEN, 1)

    def publish(
        self,
        slot: int,
        root: int,
        low: int,
        high: int,
        gain: float = 1.0,
        frame: int = NOW,
        part: int = 0,
    ) -> bool:
        """From `frame` on, keys low..high of a part start from `slot`, which holds pitch `root`.

        Keys are those that sound: the whole pitches nearest to the tuned and transposed ones.

        Other pitches than `root` are reached by resampling; `gain` evens the render's level out.
        """
        keys = {"part": part, "low": low, "high": high}
        return self._command(PUBLISH, frame, slot=slot, root=root, value=gain, **keys)

    def withdraw(self, low: int = 0, high: int = KEYS - 1, frame: int = NOW, part: int = 0) -> bool:
        """From `frame` on, keys low..high of a part have no render: new notes wait for one."""
        return self._command(WITHDRAW, frame, part=part, low=low, high=high)

    def set(self, setting: str, value: float, frame: int = NOW, part: int = 0) -> bool:
        """Change one kernel setting, in the kernel's units.

        Args:
            setting: one of all parts (SETTINGS), or of one part (PART_NUMBERS).
            value: what it is from then on.
            frame: when the command acts, or NOW.
            part: whose.
        """
        if setting in SETTINGS:
            return self._command(SET, frame, setting=SETTINGS.index(setting), value=value)
        index = PART_NUMBERS.index(setting)
        return self._command(SET_PART, frame, setting=index, value=value, part=part)

    def change(self, parameter: Parameter, value: Value, part: int = 0) -> None:
        """Change one of its parameters, in the player's units, from now on and beyond `retune`."""
        if parameter.home is Home.MACHINE:
            self._values[parameter.id] = value
            self.set(parameter.kernel, number_of(parameter, value, self.sample_rate))
            return
        before = part_numbers(self._values_of(part), self.sample_rate)
        self._own[part][parameter.id] = value
        if parameter.section == TUNING:
            self.tunings.change(part, parameter.id, value)
            return
        numbers = part_numbers(self._values_of(part), self.sample_rate)
        for name in numbers:
            if numbers[name] != before[name]:
                self.set(name, numbers[name], part=part)
        self._curve_velocity(part)

    def swap(
        self, voice: int, serial: int, source: int, at: int, slot: int, start: int, frame: int = NOW
    ) -> bool:
        """Let a sounding note go on in another slot; False if the queue is full.

        The voice leaves `source` at the first position that reaches sample `at` and goes on in
        `slot` at sample `start`. The two slots must hold the same sound some samples before the
        join, which filters look back at. A swap that is still pending is replaced. Taken or refused
        (`Snapshot.refused`), `is_idle` knows the slot.

        Args:
            voice: index of the voice, as `voices` gives it.
            serial: of the note that it must be playing.
            source: slot that it must be playing.
            at: sample of `source`.
            slot: where the continuation lies.
            start: sample of `slot`.
            frame: when the command acts, or NOW.
        """
        return self._command(
            SWAP, frame, slot=slot, voice=voice, serial=serial, source=source, at=at, start=start
        )

    def retune(self, sample_rate: int) -> None:
        """Be played by a device of another rate: renders are resampled as they are read.

        Numbers are again those of its parameters. Only while no output calls `process`.
        """
        frame = int(self.memory.status["frame"][0])
        self._retuned = (frame, self.seconds_at(frame))
        self.sample_rate = sample_rate
        self._apply_settings()

    def bind(self, controls: ControlMap) -> None:
        """Let controllers move what another map says, from now on. For one thread.

        Raises:
            ConfigError: there is no room for more bindings.
        """
        self._dials.write(controls)
        self._controls = controls

    def seconds_at(self, frame: int) -> float:
        """Seconds from the start to a frame that the device there is now plays."""
        first, seconds = self._retuned
        return seconds + (frame - first) / self.sample_rate

    def voices(self) -> NDArray[np.record]:
        """Copy of the voices that sound (VOICE; `index` and `serial` name them).

        The callback may be writing: a field is whole, a record may show two different moments.
        """
        voices = self.memory.voices.copy()
        sounding: NDArray[np.record] = voices[voices["stage"] >= STARVED]
        return sounding

    def is_idle(self, slot: int) -> bool:
        """True when no key lists the slot, no voice plays it and no command names it."""
        if not self.has_taken(slot):
            return False
        return not self.memory.listed[slot] and not self.memory.users[slot]

    def has_taken(self, slot: int) -> bool:
        """True when every command that names the slot has been carried out or refused."""
        return bool(load(self.memory.command_cursor, TAIL) >= self._last_mention[slot])

    def has_joined(self, serial: int, slot: int) -> bool:
        """True when the note went on in the slot as a swap said, even if it has ended since."""
        return self.has_taken(slot) and bool(self.memory.answers[slot] == serial)

    def has_refused(self, serial: int, slot: int) -> bool:
        """True when the swap of the note into the slot was refused."""
        return self.has_taken(slot) and bool(self.memory.answers[slot] == -serial)

    def heard(self, frames: int) -> NDArray[np.float32]:
        """The last frames of the output [frames], HEARD at most, both sides mixed; for pictures.

        The callback may be writing the oldest of them.
        """
        stop = int(self.memory.status["frame"][0])
        heard: NDArray[np.float32] = self.memory.heard[np.arange(stop - frames, stop) & (HEARD - 1)]
        return heard

    @property
    def rings(self) -> bool:
        """Whether an effect still plays what voices have left."""
        return bool(self.memory.rack["effects"]["awake"].any())

    def performed(self) -> list[Performed]:
        """The messages that were performed since the last call, oldest first."""
        ring, cursor = self.memory.performed, self.memory.performed_cursor
        head, tail = load(cursor, HEAD), int(cursor[TAIL])
        if head == tail:  # asked hundreds of times a second
            return []
        records = ring[np.arange(tail, head) & (len(ring) - 1)].tolist()
        store(cursor, TAIL, head)
        return [Performed(*record) for record in records]

    def snapshot(self) -> Snapshot:
        """Counters and meters now."""
        counted = take_snapshot(self.memory)
        return replace(counted, dropped=counted.dropped + self._dropped)

    def _command(self, operation: int, frame: int, **fields: float) -> bool:
        record = tuple({**BLANK, "operation": operation, "frame": frame, **fields}.values())
        with self._commanding:
            if not put(self.memory.commands, self.memory.command_cursor, record):
                return False
            if "slot" in fields:
                self._last_mention[int(fields["slot"])] = self.memory.command_cursor[HEAD]
            return True

    def _prepare(self) -> None:
        self._apply_settings()
        self.memory.keys["slot"] = NO_SLOT
        self.memory.vibrato[:] = NO_VIBRATO
        self.memory.voices["next_slot"] = NO_SLOT
        self.memory.voices["index"] = np.arange(len(self.memory.voices))
        self.memory.lines["pitch"] = NO_PITCH
        self.memory.bus["reduction"] = 1.0
        self.memory.controls["power_on"] = POWER_ON

    def _values_of(self, part: int) -> dict[str, Value]:
        return {**self._values, **self._own[part]}

    def _curve_velocity(self, part: int) -> None:
        first = part * VELOCITIES
        gains = velocity_gains(self._values_of(part))
        self.memory.velocity_gain[first : first + VELOCITIES] = gains

    def _apply_settings(self) -> None:
        numbers = machine_numbers(self._values, self.sample_rate, self.slot_rate)
        self.memory.settings[:] = [numbers[name] for name in SETTINGS]
        self.memory.controls[0]["settings"] = self.memory.settings
        for number, part in enumerate(self._parts):
            numbers = part_numbers(self._values_of(number), self.sample_rate)
            record = {**part.kernel_keys(), **numbers}
            self.memory.parts[number] = tuple(record[name] for name in PART_NUMBERS)
            self._curve_velocity(number)
        self.memory.controls[0]["parts"] = self.memory.part_numbers
        self._dials = Dials(self.memory, self.sample_rate)
        self._dials.write(self._controls)
        lay_out(self.memory, self.sample_rate)
