"""What the performance path remembers: every record, with its units.

All of it is NumPy memory that Python owns and the callback reads and writes in place. Integers are
64 bits wide and reals double unless size matters, so that compiled functions have one signature.
"""

from typing import Any, TypeAlias

import numpy as np

SEGMENT = 64  # frames between two looks at envelopes and controllers (1.3 ms at 48 kHz)
BLOCK_MAX = 8192  # frames a pass, for drivers that bring buffers of their own
REACH_MAX = 16  # frames between the taps of the tone filter, at most
GUARD = 128  # silent samples before and after each slot, for interpolation: a pack (see `packed`)
FADING_VOICES = 32  # voices beyond the polyphony that may still be fading out
CHANNELS = 16
KEYS = 128

ONE = 1 << 32  # one frame as a 32.32 fixed-point position

# One record, by reference. The compiler knows its fields; static types do not.
Record: TypeAlias = Any


def _record(fields: list[tuple[str, str]]) -> np.dtype[np.record]:
    return np.dtype((np.record, fields))  # type: ignore[return-value]


# Voice stages, from silent to sounding.
# PENDING waits for its key's first render. DRAIN fades because the samples run out, to FREE at the
# end of a note, to STARVED where the renderer is behind. FADE makes room for another voice.
FREE, PENDING, STARVED, ATTACK, DECAY, RELEASE, FADE, DRAIN = range(8)

VOICE = _record(
    [
        ("index", "i8"),  # its place among the voices
        ("serial", "i8"),  # which note it plays, counted from 1
        ("stage", "i8"),
        ("channel", "i8"),
        ("key", "i8"),
        ("held", "i8"),  # 1 while the key is down
        ("sostenuto", "i8"),  # 1 while the sostenuto pedal keeps it
        ("released", "i8"),  # 1 once neither key nor pedal keeps it
        ("least", "i8"),  # frames that it has to sound before its release, from the segment's first
        ("born", "i8"),  # frame of the note-on
        ("slot", "i8"),
        ("next_slot", "i8"),  # where a pending swap goes on, or -1
        ("next_at", "i8"),  # at this sample of the present slot
        ("next_start", "i8"),  # which is this sample of the next one
        ("stays", "i8"),  # 1 while, released, it is over before its slot is and takes no other
        ("origin", "i8"),  # index of the slot's first sample
        ("position", "i8"),  # 32.32 frames into the slot, at the segment's first frame
        ("step", "i8"),  # 32.32 frames a frame
        ("segment", "i8"),  # length of the present segment in frames
        ("elapsed", "i8"),  # frames of it that have been rendered
        ("fade_left", "i8"),  # frames until a fading voice is silent
        ("level", "f8"),  # envelope at the segment's first frame, 0..1
        ("level_end", "f8"),  # and after its last
        ("gain", "f8"),  # velocity, soft pedal and level correction of the render
        ("correction", "f8"),  # the last of these
        ("rate", "f8"),  # frames of the render a frame, without bend
        ("ratio", "f8"),  # bend and tuning, smoothed
        ("phase", "f8"),  # of the vibrato, in turns, at the segment's first frame
        ("turn", "f8"),  # and its change a frame within the segment
        ("depth", "f8"),  # of the vibrato now, in cents
        ("left", "f8"),  # channel gains, smoothed, without the envelope
        ("right", "f8"),
        ("amplitude_left", "f8"),  # at the segment's first frame, everything included
        ("amplitude_right", "f8"),
        ("slope_left", "f8"),  # change a frame within the segment
        ("slope_right", "f8"),
        ("accent", "f8"),  # brightness from the velocity, -1..1
        ("pressure", "f8"),  # of this key, 0..1
        ("tone", "f8"),  # weight of the tone filter, smoothed; 0: none
        ("weight", "f8"),  # at the segment's first frame
        ("weight_slope", "f8"),  # change a frame within the segment
    ]
)

CHANNEL = _record(
    [
        ("volume", "i8"),  # CC 7
        ("pan", "i8"),  # CC 10
        ("expression", "i8"),  # CC 11
        ("sustain", "f8"),  # CC 64, 0..1
        ("sostenuto", "i8"),  # CC 66, down or not
        ("soft", "f8"),  # CC 67, 0..1
        ("pressure", "f8"),  # of the whole channel, 0..1
        ("bend", "f8"),  # -1..1
        ("bend_range", "f8"),  # semitones, RPN 0
        ("fine", "f8"),  # semitones, RPN 1
        ("coarse", "f8"),  # semitones, RPN 2
        ("rpn_high", "i8"),  # selected registered parameter, CC 101
        ("rpn_low", "i8"),  # and CC 100
        ("attack_scale", "f8"),  # CC 73
        ("decay_scale", "f8"),  # CC 75
        ("release_scale", "f8"),  # CC 72
        ("vibrato_rate", "f8"),  # CC 76, factor
        ("vibrato_depth", "f8"),  # CC 77, -1..1
        ("vibrato_delay", "f8"),  # CC 78, -1..1
        ("left", "f8"),  # from volume, pan and expression
        ("right", "f8"),
        ("ratio", "f8"),  # from bend and tuning
    ]
)

KEY = _record(
    [
        ("slot", "i8"),  # newest render of this key, or -1
        ("rate", "f8"),  # frames of it a frame
        ("gain", "f8"),  # level correction
    ]
)

VIBRATO = _record(
    [
        ("rate", "f8"),  # Hz
        ("depth", "f8"),  # cents to either side
        ("delay", "f8"),  # seconds from the note-on until it is half as deep
    ]
)  # of what is rendered in a slot

EVENT = _record(
    [("frame", "i8"), ("status", "i8"), ("data1", "i8"), ("data2", "i8")]
)  # one MIDI message; frame -1 means now

LET_GO = -1  # in place of a status byte: end all notes, since messages that would have are lost

# Commands from the renderer.
PUBLISH, WITHDRAW, SET, SWAP = range(4)
COMMAND = _record(
    [
        ("frame", "i8"),
        ("operation", "i8"),
        ("slot", "i8"),  # PUBLISH, SWAP: what to play
        ("root", "i8"),  # PUBLISH: key of its own pitch
        ("low", "i8"),  # PUBLISH, WITHDRAW: keys, both included
        ("high", "i8"),
        ("setting", "i8"),  # SET: index among SETTINGS
        ("value", "f8"),  # SET: its value; PUBLISH: level correction
        ("voice", "i8"),  # SWAP: index of the voice
        ("serial", "i8"),  # and of the note that it must be playing
        ("source", "i8"),  # from this slot,
        ("at", "i8"),  # at this sample of it,
        ("start", "i8"),  # to this sample of `slot`
    ]
)

# Notices to Python: what the hands did. SYSTEM is MIDI clock, start, continue, stop, song position
# and reset: what would be the channel is the lower half of the status byte.
NOTE_ON, NOTE_OFF, CONTROL, PROGRAM, PRESSURE, KEY_PRESSURE, SYSTEM = range(7)
NOTICE = _record([("frame", "i8"), ("kind", "i8"), ("channel", "i8"), ("a", "i8"), ("b", "i8")])

# Settings: one float64 each. Times are in frames.
SETTINGS = (
    "attack",
    "decay",
    "sustain",  # level, 0..1
    "release",  # frames to -60 dB
    "fade",  # frames of a stolen voice's fade
    "polyphony",
    "voices_per_key",
    "bend_range",  # semitones, after a reset
    "master_gain",
    "ceiling",  # of the limiter, amplitude
    "brightness",  # -1..1, until a controller says else
    "brightness_control",  # CC number, or -1
    "velocity_brightness",  # 0..1: how much velocity darkens and brightens
    "pressure_brightness",  # 0..1: how much pressure brightens
    "vibrato",  # factor on every depth; 0: none
    "half_pedal",  # 1: the sustain pedal is continuous; 0: a switch
    "invert_pedals",  # 1: pedals are down at 0
    "active_sensing",  # 1: a sender that used it and falls silent is missed
    "channels",  # that are heard: bit 0 is channel 1
    "sample_rate",
)
(
    S_ATTACK,
    S_DECAY,
    S_SUSTAIN,
    S_RELEASE,
    S_FADE,
    S_POLYPHONY,
    S_VOICES_PER_KEY,
    S_BEND_RANGE,
    S_MASTER_GAIN,
    S_CEILING,
    S_BRIGHTNESS,
    S_BRIGHTNESS_CONTROL,
    S_VELOCITY_BRIGHTNESS,
    S_PRESSURE_BRIGHTNESS,
    S_VIBRATO,
    S_HALF_PEDAL,
    S_INVERT_PEDALS,
    S_ACTIVE_SENSING,
    S_CHANNELS,
    S_SAMPLE_RATE,
) = range(len(SETTINGS))

STATUS = _record(
    [
        ("frame", "i8"),  # frames rendered so far
        ("voices", "i8"),  # sounding now, fades included
        ("notes", "i8"),  # note-ons so far
        ("stolen", "i8"),
        ("missing", "i8"),  # note-ons that found no render
        ("missed", "i8"),  # of those, released before one came
        ("starved", "i8"),  # times a voice caught up with its render
        ("swapped", "i8"),  # times a sounding voice went on in another slot
        ("refused", "i8"),  # swaps that came too late, or for a note that is over
        ("late", "i8"),  # messages that came after their frame
        ("dropped", "i8"),  # messages that JACK brought and that found no room
        ("panics", "i8"),  # that have been carried out
        ("bad", "i8"),  # voices and blocks muted for NaN or Inf
        ("unheard", "i8"),  # notices dropped because nobody fetched them
        ("unready", "i8"),  # steps of an export that were not waited for to the end
        ("xruns", "i8"),  # counted by the driver
        ("callbacks", "i8"),  # counted by the driver
        ("stalls", "i8"),  # counted by the driver: pauses in which messages may have been lost
        ("last_message", "i8"),  # frame of the newest MIDI message
        ("sensing", "i8"),  # 1 after the first active-sensing byte
    ]
)

# The output bus between two frames.
BUS = _record(
    [
        ("brightness", "f8"),  # -1..1: as the setting or its controller said last
        ("shelf", "f8"),  # brightness gain minus one, smoothed
        ("low_left", "f8"),  # low-pass state of the brightness shelf
        ("low_right", "f8"),
        ("reduction", "f8"),  # limiter gain now, 1 = none
        ("peak", "f8"),  # largest output amplitude, falling 20 dB a second
    ]
)
