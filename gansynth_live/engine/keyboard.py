"""Keys and pedals, as a piano has them."""

from gansynth_live.engine.notices import notify
from gansynth_live.engine.stealing import take_voice
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.envelope import FULL_PEDAL
from gansynth_live.kernel.layout import (
    ATTACK,
    CHANNELS,
    DECAY,
    FREE,
    NOTE_OFF,
    NOTE_ON,
    PENDING,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import fade_voice, free_voice, release_voice, start_voice
from gansynth_live.kernel.tone import accent

SOFT_PEDAL = 0.35  # gain lost with the soft pedal fully down
ALL_CHANNELS = -1
ALL_KEYS = -1


@compiled
def note_on(memory: Memory, frame: int, channel: int, key: int, velocity: int) -> None:
    """Start a voice, or leave it pending where the key has no render yet."""
    status = memory.status[0]
    voice = memory.voices[take_voice(memory, channel, key, frame)]
    voice.stage = PENDING
    voice.channel = channel
    voice.key = key
    voice.held = 1
    voice.sostenuto = 0
    voice.released = 0
    voice.born = frame
    soft = 1.0 - SOFT_PEDAL * memory.channels[channel].soft
    voice.gain = memory.velocity_gain[velocity] * soft
    voice.accent = accent(memory, velocity)
    voice.pressure = 0.0
    status.notes += 1
    voice.serial = status.notes
    notify(memory, frame, NOTE_ON, channel, key, velocity)
    if memory.keys[key].slot >= 0:
        start_voice(memory, voice)
    else:
        status.missing += 1


@compiled
def note_off(memory: Memory, frame: int, channel: int, key: int) -> None:
    """Let go of every voice of a key, unless a pedal keeps it.

    Where an older stroke of the key is held, one on this very frame is not meant: its note-on only
    came before the note-off of the older one.
    """
    latest = frame
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if _holds(voice, channel, key) and voice.born < frame:
            latest = frame - 1
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if _holds(voice, channel, key) and voice.born <= latest:
            voice.held = 0
            _release_unless_kept(memory, voice)
    notify(memory, frame, NOTE_OFF, channel, key, 0)


@compiled
def _holds(voice: Record, channel: int, key: int) -> bool:
    """Whether a voice plays a key that is down."""
    return bool(
        voice.stage != FREE and voice.held and voice.key == key and voice.channel == channel
    )


@compiled
def press_key(memory: Memory, channel: int, key: int, pressure: float) -> None:
    """Pressure (0..1) on one key, or on ALL_KEYS, of a channel."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.channel == channel and key in (ALL_KEYS, voice.key):
            voice.pressure = pressure


@compiled
def start_pending(memory: Memory, low: int, high: int) -> None:
    """Start the voices that waited for a render of the keys low..high."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage == PENDING and low <= voice.key and voice.key <= high:
            start_voice(memory, voice)


@compiled
def move_sustain(memory: Memory, channel: int, travel: float) -> None:
    """Sustain pedal to `travel` (0 up .. 1 down); half way, dampers only slow the release."""
    memory.channels[channel].sustain = travel
    if travel < FULL_PEDAL:
        _release_kept(memory, channel)


@compiled
def move_sostenuto(memory: Memory, channel: int, down: bool) -> None:
    """Sostenuto pedal: going down it keeps the keys that are held at that moment, and no others."""
    was_down = memory.channels[channel].sostenuto != 0
    memory.channels[channel].sostenuto = 1 if down else 0
    if down == was_down:
        return
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE and voice.channel == channel:
            voice.sostenuto = 1 if down and voice.held else 0
    if not down:
        _release_kept(memory, channel)


@compiled
def lift_pedals(memory: Memory, channel: int) -> None:
    """Sustain and sostenuto pedal up."""
    move_sustain(memory, channel, 0.0)
    move_sostenuto(memory, channel, False)


@compiled
def all_notes_off(memory: Memory, channel: int) -> None:
    """Let go of every key of a channel (or of ALL_CHANNELS); pedals still keep what they keep."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE and voice.held and channel in (ALL_CHANNELS, voice.channel):
            _lift_key(memory, voice)
            _release_unless_kept(memory, voice)


@compiled
def let_go(memory: Memory) -> None:
    """Keys and pedals of all channels up, as where a sender has gone for good."""
    all_notes_off(memory, ALL_CHANNELS)
    for channel in range(CHANNELS):
        lift_pedals(memory, channel)


@compiled
def all_sound_off(memory: Memory, channel: int) -> None:
    """Fade every voice of a channel (or of ALL_CHANNELS) out at once."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if channel in (ALL_CHANNELS, voice.channel):
            if voice.stage != FREE and voice.held:
                _lift_key(memory, voice)
            fade_voice(memory, voice)


@compiled
def _lift_key(memory: Memory, voice: Record) -> None:
    """Take a key for released though no note-off came, and say so to Python."""
    voice.held = 0
    frame = memory.status[0].last_message
    notify(memory, frame, NOTE_OFF, voice.channel, voice.key, 0)


@compiled
def _release_kept(memory: Memory, channel: int) -> None:
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE and not voice.held and voice.channel == channel:
            _release_unless_kept(memory, voice)


@compiled
def _release_unless_kept(memory: Memory, voice: Record) -> None:
    if voice.sostenuto or memory.channels[voice.channel].sustain >= FULL_PEDAL:
        return
    voice.released = 1
    if voice.stage <= STARVED:
        memory.status[0].missed += voice.stage == PENDING
        free_voice(memory, voice)
    elif voice.stage in (ATTACK, DECAY):
        release_voice(voice)
