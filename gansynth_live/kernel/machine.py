"""The instrument's memory as Python sees it: messages in, renders in, notices and counters out.

Any thread may send messages and commands (each ring has a lock among its Python producers);
a slot is filled by one thread, notices are fetched by one thread.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numba import int64
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire, store_release
from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.events import offer
from gansynth_live.kernel.layout import (
    COMMAND,
    FADING_VOICES,
    GUARD,
    KEYS,
    PUBLISH,
    SET,
    SETTINGS,
    STARVED,
    STATUS,
    SWAP,
    WITHDRAW,
)
from gansynth_live.kernel.memory import (
    EVENTS,
    HEAD,
    PANICS,
    TAIL,
    VOID,
    address_table,
    allocate,
)
from gansynth_live.kernel.packed import PACK, pack, unpacked
from gansynth_live.kernel.settings import NO_VIBRATO, Settings, Vibrato
from gansynth_live.kernel.swap import NO_SLOT

NOW = -1
NOTHING = np.zeros(0, np.float32)
BLANK: dict[str, float] = dict.fromkeys(COMMAND.names or (), 0)


@dataclass(frozen=True)
class Snapshot:
    """Counters and meters at one moment. Frames and counts since the start."""

    frame: int
    voices: int
    notes: int
    stolen: int
    missing: int
    missed: int
    starved: int
    swapped: int
    refused: int
    late: int
    dropped: int
    bad: int
    unheard: int
    unready: int
    xruns: int
    callbacks: int
    stalls: int
    peak: float
    reduction: float


COUNTS = tuple(name for name in Snapshot.__dataclass_fields__ if name in (STATUS.names or ()))


class Machine:
    """One instrument: voices, keys, slots for renders, and the rings that lead in and out."""

    def __init__(
        self,
        sample_rate: int = 48000,
        settings: Settings | None = None,
        slots: int = 128,
        slot_seconds: float = 4.0,
    ) -> None:
        """Allocate everything that the callback will ever use.

        Args:
            sample_rate: of the device, Hz.
            settings: the player's settings.
            slots: buffers for renders.
            slot_seconds: length of a buffer.
        """
        settings = settings or Settings()
        self.sample_rate = sample_rate
        self.slot_frames = int(np.ceil(slot_seconds * sample_rate))
        self.memory = allocate(settings.polyphony + FADING_VOICES, slots, self.slot_frames)
        self.addresses = address_table(self.memory)
        self._sending = Lock()
        self._commanding = Lock()
        self._dropped = 0
        self._rests = slots * [NOTHING]  # of each slot: samples that make no whole pack yet
        self._last_mention = np.zeros(slots, np.int64)
        self._prepare(settings)

    @property
    def slots(self) -> int:
        """Number of buffers for renders."""
        return len(self.memory.ready)

    def send(self, frame: int, status: int, data1: int = 0, data2: int = 0) -> bool:
        """Put one MIDI message into the engine's queue, to act at `frame` or NOW.

        False, and counted, if there is no room: see `kernel/events.py` for what then becomes of
        note-offs. Messages must come in the order of their frames.
        """
        ring, cursor = self.memory.port_events, self.memory.port_cursor
        with self._sending:
            taken = _offer(ring, cursor, frame, status, data1, data2)
            self._dropped += not taken
        return taken

    def panic(self) -> None:
        """Silence now, every controller as at the start. What still waits in the queue is void."""
        cursor = self.memory.port_cursor
        with self._sending:
            cursor[VOID] = cursor[HEAD]
            store(cursor, PANICS, int(cursor[PANICS]) + 1)

    def publish(
        self, slot: int, root: int, low: int, high: int, gain: float = 1.0, frame: int = NOW
    ) -> bool:
        """From `frame` on, keys low..high start from `slot`, which holds pitch `root`.

        Other pitches than `root` are reached by resampling; `gain` evens the render's level out.
        """
        return self._command(PUBLISH, frame, slot=slot, root=root, low=low, high=high, value=gain)

    def withdraw(self, low: int = 0, high: int = KEYS - 1, frame: int = NOW) -> bool:
        """From `frame` on, keys low..high have no render: new notes wait for the next one."""
        return self._command(WITHDRAW, frame, low=low, high=high)

    def set(self, setting: str, value: float, frame: int = NOW) -> bool:
        """Change one kernel setting (a name in `layout.SETTINGS`, in the kernel's units)."""
        return self._command(SET, frame, setting=SETTINGS.index(setting), value=value)

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

    def voices(self) -> NDArray[np.record]:
        """Copy of the voices that sound (VOICE; `index` and `serial` name them).

        The callback may be writing: a field is whole, a record may show two different moments.
        """
        voices = self.memory.voices.copy()
        sounding: NDArray[np.record] = voices[voices["stage"] >= STARVED]
        return sounding

    def begin_slot(self, slot: int, vibrato: Vibrato = NO_VIBRATO) -> None:
        """Empty an idle slot for a new render, whose voices will swing as `vibrato` says.

        What an older one left there stays: no voice reads as far as `ready`.
        """
        self.memory.vibrato[slot] = vibrato
        self.memory.complete[slot] = 0
        self.memory.ready[slot] = 0
        self._rests[slot] = NOTHING

    def fill(self, slot: int, samples: NDArray[np.float32]) -> None:
        """Add `samples` to a slot and show them to the callback. One thread a slot.

        Only whole packs are shown: what is left over comes with the next samples, or at the end.
        """
        samples = np.concatenate([self._rests[slot], samples])
        whole = len(samples) // PACK * PACK
        self._rests[slot] = samples[whole:].copy()
        self._show(slot, samples[:whole])

    def finish(self, slot: int) -> None:
        """No more samples will come for this render."""
        self._show(slot, self._rests[slot])
        self._rests[slot] = NOTHING
        store(self.memory.complete, slot, 1)

    def samples(self, slot: int) -> NDArray[np.float32]:
        """What voices that play a slot read, [slot_frames]."""
        packed, scales = self._packs(slot)
        return unpacked(packed, scales)[: self.slot_frames]

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

    def notices(self) -> NDArray[np.record]:
        """What the hands did since the last call, oldest first (NOTICE)."""
        ring, cursor = self.memory.notices, self.memory.notice_cursor
        head, tail = load(cursor, HEAD), int(cursor[TAIL])
        if head == tail:  # asked hundreds of times a second
            return ring[:0]
        fetched: NDArray[np.record] = ring[np.arange(tail, head) & (len(ring) - 1)]
        store(cursor, TAIL, head)
        return fetched

    def snapshot(self) -> Snapshot:
        """Counters and meters now."""
        status, bus = self.memory.status[0], self.memory.bus[0]
        counts = {name: status[name].item() for name in COUNTS}
        counts["dropped"] += self._dropped
        return Snapshot(**counts, peak=bus["peak"].item(), reduction=bus["reduction"].item())

    def _show(self, slot: int, samples: NDArray[np.float32]) -> None:
        ready = int(self.memory.ready[slot])
        samples = samples[: self.slot_frames - ready]
        padded = np.pad(samples, (0, -len(samples) % PACK))
        packed, scales = self._packs(slot)
        first, stop = ready // PACK, (ready + len(padded)) // PACK
        pack(padded, packed[first * PACK : stop * PACK], scales[first:stop])
        store(self.memory.ready, slot, ready + len(samples))

    def _packs(self, slot: int) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
        """The packs of a slot without its guards, and their scales."""
        count = len(self.memory.scales) // self.slots
        first, stop = slot * count + GUARD // PACK, (slot + 1) * count - GUARD // PACK
        return self.memory.packed[first * PACK : stop * PACK], self.memory.scales[first:stop]

    def _command(self, operation: int, frame: int, **fields: float) -> bool:
        record = tuple({**BLANK, "operation": operation, "frame": frame, **fields}.values())
        with self._commanding:
            if not _put(self.memory.commands, self.memory.command_cursor, record):
                return False
            if "slot" in fields:
                self._last_mention[int(fields["slot"])] = self.memory.command_cursor[HEAD]
            return True

    def _prepare(self, settings: Settings) -> None:
        values = settings.kernel_values(self.sample_rate)
        self.memory.settings[:] = [values[name] for name in SETTINGS]
        self.memory.velocity_gain[:] = settings.velocity_gains()
        self.memory.keys["slot"] = NO_SLOT
        self.memory.vibrato[:] = NO_VIBRATO
        self.memory.voices["next_slot"] = NO_SLOT
        self.memory.voices["index"] = np.arange(len(self.memory.voices))
        self.memory.bus["reduction"] = 1.0


def _put(ring: NDArray[np.record], cursor: NDArray[np.int64], record: tuple[float, ...]) -> bool:
    """Append one record; False if the ring is full."""
    head = int(cursor[HEAD])
    if head - load(cursor, TAIL) >= len(ring):
        return False
    ring[head & (len(ring) - 1)] = record
    store(cursor, HEAD, head + 1)
    return True


@compiled_entry(int64[::1], int64)
def load(array: NDArray[np.int64], index: int) -> int:
    """array[index], ordered before all that follows."""
    value: int = load_acquire(array, index)
    return value


@compiled_entry(EVENTS, int64[::1], int64, int64, int64, int64)
def _offer(
    ring: NDArray[np.record],
    cursor: NDArray[np.int64],
    frame: int,
    status: int,
    data1: int,
    data2: int,
) -> bool:
    return offer(ring, cursor, frame, status, data1, data2)


@compiled_entry(int64[::1], int64, int64)
def store(array: NDArray[np.int64], index: int, value: int) -> None:
    """array[index] = value, ordered after all that came before."""
    store_release(array, index, value)
