"""Keys and pedals, as a piano has them."""

from gansynth_live.engine.echo import echo_lifted
from gansynth_live.engine.line import ALL_CHANNELS, forget_all, forget_keys, is_down
from gansynth_live.engine.solo import leave, play
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.envelope import FULL_PEDAL
from gansynth_live.kernel.layout import (
    ATTACK,
    CHANNELS,
    DECAY,
    FREE,
    PENDING,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import fade_voice, free_voice, release_voice, start_voice
from gansynth_live.kernel.tuning import is_mapped

ALL_KEYS = -1


@compiled
def plays(part: Record, channel: int, key: int) -> bool:
    """Whether a key of a channel plays a part."""
    return bool(part.channels >> channel & 1 and part.low <= key and key <= part.high)


@compiled
def note_on(memory: Memory, frame: int, channel: int, key: int, velocity: int) -> None:
    """Strike a key in every part that it plays."""
    for number in range(len(memory.parts)):
        if plays(memory.parts[number], channel, key) and is_mapped(memory, number, key):
            play(memory, frame, number, channel, key, velocity)
    memory.channels[channel].glide_from = -1.0


@compiled
def note_off(memory: Memory, frame: int, channel: int, key: int) -> None:
    """Let go of every voice of a key, unless a pedal keeps it.

    Where an older stroke of the key is held, one on this very frame is not meant: its note-on only
    came before the note-off of the older one.
    """
    for number in range(len(memory.parts)):
        if plays(memory.parts[number], channel, key):
            leave(memory, frame, number, channel, key)
    latest = frame
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if _holds(memory, voice, channel, key) and voice.born < frame:
            latest = frame - 1
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if _holds(memory, voice, channel, key) and voice.born <= latest:
            voice.held = 0
            _release_unless_kept(memory, voice)


@compiled
def _holds(memory: Memory, voice: Record, channel: int, key: int) -> bool:
    """Whether a voice plays a key that was down and is to be let go."""
    is_its = voice.key == key and voice.channel == channel
    sounds = voice.stage != FREE and voice.held
    return bool(is_its and sounds and not is_down(memory.lines[voice.part], channel, key))


@compiled
def press_key(memory: Memory, channel: int, key: int, pressure: float) -> None:
    """Pressure (0..1) on one key, or on ALL_KEYS, of a channel."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.channel == channel and key in (ALL_KEYS, voice.key):
            voice.pressure = pressure


@compiled
def start_pending(memory: Memory, low: int, high: int) -> None:
    """Start the voices that waited for a render in the rows low..high of the table of keys."""
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage == PENDING and low <= voice.row and voice.row <= high:
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
def all_notes_off(memory: Memory, frame: int, channel: int) -> None:
    """Let go of every key of a channel (or of ALL_CHANNELS); pedals still keep what they keep."""
    forget_keys(memory, frame, channel)
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE and voice.held and channel in (ALL_CHANNELS, voice.channel):
            _lift_key(memory, frame, voice)
            _release_unless_kept(memory, voice)


@compiled
def let_go(memory: Memory, frame: int, channel: int) -> None:
    """Keys and pedals of a channel, or of ALL_CHANNELS, up: their sender has gone for good."""
    all_notes_off(memory, frame, channel)
    for number in range(CHANNELS):
        if channel in (ALL_CHANNELS, number):
            lift_pedals(memory, number)
            memory.channels[number].soft = 0.0
            memory.channels[number].legato = 0.0


@compiled
def all_sound_off(memory: Memory, frame: int, channel: int) -> None:
    """Fade every voice of a channel (or of ALL_CHANNELS) out at once."""
    forget_keys(memory, frame, channel)
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if channel in (ALL_CHANNELS, voice.channel):
            if voice.stage != FREE and voice.held:
                _lift_key(memory, frame, voice)
            fade_voice(memory, voice)


@compiled
def release_part(memory: Memory, part: int) -> None:
    """Let go of every key of a part, which will play in another way; pedals keep what they keep."""
    forget_all(memory.lines[part])
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE and voice.held and voice.part == part:
            voice.held = 0
            _release_unless_kept(memory, voice)


@compiled
def _lift_key(memory: Memory, frame: int, voice: Record) -> None:
    """Take a key for released though no note-off came, and say so to Python."""
    voice.held = 0
    echo_lifted(memory, frame, voice.channel, voice.key)


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
