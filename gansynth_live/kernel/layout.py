"""What the performance path remembers: every record, with its units.

All of it is NumPy memory that Python owns and the callback reads and writes in place. Integers are
64 bits wide and reals double unless size matters, so that compiled functions have one signature.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import kernel_settings

SEGMENT = 64  # frames between two looks at envelopes and controllers (1.3 ms at 48 kHz)
BLOCK_MAX = 8192  # frames a pass, for drivers that bring buffers of their own
REACH_MAX = 16  # frames between the taps of the tone filter, at most
GUARD = 128  # silent samples before and after each slot, for interpolation: a pack (see `packed`)
FADING_VOICES = 32  # voices beyond the polyphony that may still be fading out
CHANNELS = 16
KEYS = 128
VELOCITIES = 128
PARTS = 16
CONTROLLERS = 128
UNMAPPED = -1e6  # in place of a pitch: the key is silent
DIALS = 256  # most of them

ONE = 1 << 32  # one frame as a 32.32 fixed-point position

# One record, by reference. The compiler knows its fields; static types do not.
Record: TypeAlias = Any


def record(fields: Sequence[tuple[Any, ...]]) -> np.dtype[np.record]:
    return np.dtype((np.record, fields))  # type: ignore[return-value]


# How many voices a part's keys have, in the order of `voice.mode`, and which key wins, in that of
# `voice.priority`.
POLY, MONO, LEGATO = range(3)
LAST, LOW, HIGH = range(3)
PER_OCTAVE = 1  # of `voice.glide_scale`: a glide of twelve semitones takes the time set
ALWAYS = 1  # of `voice.glide_when`: new notes glide after a silence too

# Voice stages. Their order matters: from STARVED on a voice holds a slot, from FADE on it is faded.
# PENDING waits for its key's first render. DRAIN fades because the samples run out, to FREE at the
# end of a note, to STARVED where the renderer is behind. FADE makes room for another voice.
FREE, PENDING, STARVED, ATTACK, DECAY, RELEASE, FADE, DRAIN = range(8)

VOICE = record(
    [
        ("index", "i8"),  # its place among the voices
        ("serial", "i8"),  # which note it plays, counted from 1
        ("stage", "i8"),
        ("part", "i8"),
        ("channel", "i8"),
        ("key", "i8"),
        ("pitch", "f8"),  # of its key, as tuned; 69 is 440 Hz
        ("row", "i8"),  # of the table of keys, the nearest to it: what it starts from
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
        ("slot_place", "i8"),  # place of the slot's first sample in the note, in samples
        ("position", "i8"),  # 32.32 frames into the slot, at the segment's first frame
        ("step", "i8"),  # frames of the render per frame of the output, 32.32
        ("segment", "i8"),  # length of the present segment in frames
        ("elapsed", "i8"),  # frames of it that have been rendered
        ("fade_left", "i8"),  # frames until a fading voice is silent
        ("level", "f8"),  # envelope at the segment's first frame, 0..1
        ("level_end", "f8"),  # and after its last
        ("gain", "f8"),  # velocity, soft pedal and level correction of the render
        ("correction", "f8"),  # the last of these
        ("rate", "f8"),  # frames of the render per frame of the output, without bend
        ("ratio", "f8"),  # bend and tuning, smoothed
        ("glide", "f8"),  # semitones from its goal at which a glide began
        ("glide_left", "f8"),  # share of the glide that is left, at the segment's first frame
        ("glide_turn", "f8"),  # and what of it goes by in a frame within the segment
        ("entry", "f8"),  # below 1 while it comes in for another voice, at the segment's start
        ("phase", "f8"),  # of the vibrato, in turns, at the segment's first frame
        ("turn", "f8"),  # and its change per frame within the segment
        ("depth", "f8"),  # of the vibrato now, in cents
        ("place_left", "f8"),  # gains of its key's place from left to right
        ("place_right", "f8"),
        ("left", "f8"),  # gains of channel, part and place, smoothed, without the envelope
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

CHANNEL = record(
    [
        *((name, "f8") for name in kernel_settings(Home.CHANNEL)),
        ("pressure", "f8"),  # of the whole channel, 0..1
        ("glide_from", "f8"),  # key from which the next note glides (CC 84), or -1
        ("bend", "f8"),  # -1..1
        ("bend_range", "f8"),  # semitones, RPN 0
        ("fine", "f8"),  # semitones, RPN 1
        ("coarse", "f8"),  # semitones, RPN 2
        ("rpn_high", "i8"),  # selected registered parameter, CC 101
        ("rpn_low", "i8"),  # and CC 100
        ("left", "f8"),  # from volume, pan and expression
        ("right", "f8"),
        ("ratio", "f8"),  # from bend and tuning
    ]
)
# Of the first fields of CHANNEL.
POWER_ON = [float(each.default) for each in kernel_settings(Home.CHANNEL).values()]
CHANNEL_NUMBERS = CHANNEL.names or ()  # a channel's record as an array of numbers, for dials

PART = record(
    [
        ("channels", "i8"),  # that play it: bit 0 is channel 1
        ("low", "i8"),  # keys that play it, both included
        ("high", "i8"),
        ("transpose", "i8"),  # semitones
        ("left", "f8"),  # from level and pan
        ("right", "f8"),
        *((name, "f8") for name in kernel_settings(Home.PART)),
    ]
)
PART_NUMBERS = PART.names or ()  # a part's record as an array of numbers, for SET

# What a controller moves: a number of its channel, of the parts that hear it, or a setting of all.
MOVES_CHANNEL, MOVES_PART, MOVES_ALL = range(3)
DIAL = record(
    [
        ("moves", "i8"),  # which of these
        ("number", "i8"),  # index among CHANNEL_NUMBERS, PART_NUMBERS or SETTINGS
        ("curve", "i8"),  # which values its places stand for
        ("controller", "i8"),  # the one whose place counts: of two halves the coarse one
        ("fine", "i8"),  # 1: the other half counts too
        ("takeover", "i8"),  # 1: it counts once it has met the value that there is
        ("more", "i8"),  # 1: the next dial is moved too
    ]
)

# The keys of a part that are down while it plays one voice, and the note that sounds.
LINE = record(
    [
        ("voice", "i8"),  # index of the voice of the newest note
        ("serial", "i8"),  # and which note it must be playing
        ("pitch", "f8"),  # of that note, in keys, or NO_PITCH
        ("count", "i8"),  # order number of the key that went down last
        ("orders", "i8", (KEYS,)),  # of each key that is down; 0: it is not
        ("velocities", "i8", (KEYS,)),
        ("channels", "i8", (KEYS,)),
        ("since", "i8", (KEYS,)),  # frame at which it was struck last,
        ("again", "i8", (KEYS,)),  # and at which it last was though it was down before, or -1
    ]
)
NO_PITCH = -1000.0

KEY = record(
    [
        ("slot", "i8"),  # newest render of this key, or -1
        ("rate", "f8"),  # frames of it per frame of the output
        ("gain", "f8"),  # level correction
    ]
)

VIBRATO = record(
    [
        ("rate", "f8"),  # Hz
        ("depth", "f8"),  # cents to either side
        ("delay", "f8"),  # seconds from the note-on until it is half as deep
    ]
)  # of what is rendered in a slot

_MESSAGE = [("frame", "i8"), ("status", "i8"), ("data1", "i8"), ("data2", "i8"), ("port", "i8")]
EVENT = record(_MESSAGE)  # one MIDI message that is to be performed; frame -1 means now

# Where a message comes from; the MIDI inputs are numbered from FIRST_INPUT on.
THE_PROGRAM, JACK_INPUT, FIRST_INPUT = range(3)

# In place of a status byte: the sender has gone, or messages are lost that would have ended notes.
# All keys and pedals go up, of the channel whose number (from 1 on) is data1; 0: of all.
LET_GO = -1

# One message that was performed, told to Python: at which frame it acted, and the serial number of
# the note that it began (0: none). Keys that the engine let go by itself are told as note-offs.
PERFORMED = record([*_MESSAGE, ("serial", "i8")])

# Commands from the renderer.
PUBLISH, WITHDRAW, SET, SET_PART, SWAP = range(5)
COMMAND = record(
    [
        ("frame", "i8"),
        ("operation", "i8"),
        ("slot", "i8"),  # PUBLISH, SWAP: what to play
        ("root", "i8"),  # PUBLISH: key of its own pitch
        ("part", "i8"),  # SET_PART: which; PUBLISH, WITHDRAW: whose keys
        ("low", "i8"),  # and which, both included
        ("high", "i8"),
        ("setting", "i8"),  # SET: index among SETTINGS, SET_PART: among PART_NUMBERS
        ("value", "f8"),  # SET, SET_PART: its value; PUBLISH: level correction
        ("voice", "i8"),  # SWAP: index of the voice
        ("serial", "i8"),  # and of the note that it must be playing
        ("source", "i8"),  # from this slot,
        ("at", "i8"),  # at this sample of it,
        ("start", "i8"),  # to this sample of `slot`
    ]
)

# Settings of all parts: one float64 each. Times are in frames, levels amplitudes.
SETTINGS = (
    *kernel_settings(Home.MACHINE, Home.SET_UP),
    "channels",  # that are heard: bit 0 is channel 1
    "sample_rate",
    "slot_speed",  # samples of a slot that a frame takes: 1, unless a device has another rate
)
S_FADE = SETTINGS.index("fade")
S_POLYPHONY = SETTINGS.index("polyphony")
S_VOICES_PER_KEY = SETTINGS.index("voices_per_key")
S_MASTER_GAIN = SETTINGS.index("master_gain")
S_CEILING = SETTINGS.index("ceiling")
S_ACTIVE_SENSING = SETTINGS.index("active_sensing")
S_CHANNELS = SETTINGS.index("channels")
S_AIR = SETTINGS.index("air")
S_SAMPLE_RATE = SETTINGS.index("sample_rate")
S_SLOT_SPEED = SETTINGS.index("slot_speed")
S_PLATE_DECAY = SETTINGS.index("plate_decay")
S_PLATE_SIZE = SETTINGS.index("plate_size")
S_PLATE_DAMPING = SETTINGS.index("plate_damping")
S_PLATE_PREDELAY = SETTINGS.index("plate_predelay")
S_PLATE_LOW_CUT = SETTINGS.index("plate_low_cut")
S_PLATE_DRIFT = SETTINGS.index("plate_drift")
S_ENSEMBLE_RATE = SETTINGS.index("ensemble_rate")
S_ENSEMBLE_DEPTH = SETTINGS.index("ensemble_depth")
S_DELAY_TIME = SETTINGS.index("delay_time")
S_DELAY_FEEDBACK = SETTINGS.index("delay_feedback")
S_DELAY_TONE = SETTINGS.index("delay_tone")
S_DELAY_CROSS = SETTINGS.index("delay_cross")
S_DELAY_DUCK = SETTINGS.index("delay_duck")

STATUS = record(
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
        ("unheard", "i8"),  # performed messages that were not told: nobody fetched them
        ("unready", "i8"),  # steps of an export that were not waited for to the end
        ("xruns", "i8"),  # counted by the driver
        ("callbacks", "i8"),  # counted by the driver
        ("stalls", "i8"),  # counted by the driver: pauses in which messages may have been lost
        ("last_message", "i8"),  # frame of the newest MIDI message
        ("sensing", "i8"),  # 1 after the first active-sensing byte
    ]
)

SHELF = record(
    [
        ("shelf", "f8"),  # brightness gain of a part minus one, smoothed
        ("low_left", "f8"),  # low-pass state below it
        ("low_right", "f8"),
    ]
)

# The output bus between two frames.
BUS = record(
    [
        ("apart", "i8"),  # 1 while parts are mixed apart: they send, or differ in brightness
        ("shelves", SHELF, (PARTS,)),
        ("reduction", "f8"),  # limiter gain now, 1 = none
        ("peak", "f8"),  # largest output amplitude, falling 20 dB a second
    ]
)

# The map of controllers, and what brings back what they have moved.
CONTROLS = record(
    [
        ("routes", "i8", (CHANNELS * CONTROLLERS,)),  # first dial of a channel's controller, or -1
        ("places", "i8", (CHANNELS * CONTROLLERS,)),  # where that controller is, 0..127
        ("dials", DIAL, (DIALS,)),
        ("curves", "f8", (DIALS * CONTROLLERS,)),  # what each place of a controller stands for
        ("last", "f8", (DIALS,)),  # what those that take over stood for last
        ("power_on", "f8", (len(POWER_ON),)),  # the first numbers of a channel, after a reset
        ("parts", "f8", (PARTS * len(PART_NUMBERS),)),  # numbers as they were set, not moved
        ("settings", "f8", (len(SETTINGS),)),
    ]
)
