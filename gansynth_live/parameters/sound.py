"""What a patch keeps: timbre and its motion, envelopes, touch, level."""

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

from gansynth_live.parameters.row import (
    BEATS,
    DECIBELS,
    HERTZ,
    SECONDS,
    SEMITONES,
    Curve,
    Home,
    Row,
)
from gansynth_live.parameters.set_up import Channel, Name
from gansynth_live.tuning.keyboard import parse_map
from gansynth_live.tuning.scale import parse_scale

Share: TypeAlias = Annotated[float, Meta(ge=0.0, le=1.0)]
Amount: TypeAlias = Annotated[float, Meta(ge=-1.0, le=1.0)]
Path: TypeAlias = Annotated[tuple[Name, ...], Meta(max_length=64)]
CUBIC, DIVISIONS, LOG = Curve.CUBIC, Curve.DIVISIONS, Curve.LOG
BY_CLOCK = "one of 16 lengths, 64 .. 1/4, where it is above 0"


class Morph(Struct, frozen=True):
    """Which instruments, and which knobs move between them."""

    instruments: Annotated[
        tuple[Name, ...], Meta(min_length=1, max_length=64), Row("Morph path")
    ] = ("cello", "strings", "choir", "flute")
    position: Annotated[
        float,
        Row(
            "Place on the path",
            cc=1,
            does="127 places at the default `morph.steps`, the pure instruments among them",
        ),
    ] = 0.0
    weights: Annotated[
        tuple[Share, ...],
        Meta(max_length=16),
        Row("Weight", cc=(16, 17, 18, 19), does="of an instrument of the path, in its order"),
    ] = ()
    program: Annotated[str, Row("Program")] = ""
    pad: Annotated[bool, Row("Pad leads", does="moving the pad does that by itself")] = False
    pad_x: Annotated[float, Row("Pad across", does="from left to right")] = 0.5
    pad_y: Annotated[float, Row("Pad up", does="from below to above")] = 0.5
    points: Annotated[
        tuple[tuple[Share, Share], ...],
        Meta(max_length=64),
        Row("Points of the pad", does="where the instruments of the path stand"),
    ] = ()
    directions: Annotated[
        dict[Name, Amount], Row("Direction", -1.0, 1.0, centred=True, does="of the model")
    ] = field(default_factory=dict)
    focus: Annotated[float, Row("Focus", 0.25, 4.0, "x", LOG, centred=True, cc=25)] = 1.0
    steps: Annotated[int, Row("Places on the path", 1, 1024)] = 128


class Motion(Struct, frozen=True):
    """How the blend moves by itself: glides, an LFO, a round trip, pressure."""

    glide: Annotated[float, Row("Glide", 0.0, 20.0, SECONDS, CUBIC, cc=20)] = 0.0
    lfo_shape: Annotated[Literal["sine", "triangle"], Row("LFO shape")] = "sine"
    lfo_rate: Annotated[
        float, Row("LFO rate", 0.01, 20.0, HERTZ, LOG, cc=21, cc_range=(0.02, 20.0))
    ] = 0.25
    lfo_beats: Annotated[
        float, Row("LFO length", 0.0, 256.0, BEATS, DIVISIONS, cc=21, does=BY_CLOCK)
    ] = 0.0
    lfo_depth: Annotated[float, Row("LFO depth", cc=22, does="of the whole path")] = 0.0
    orbit: Annotated[Path, Row("Round trip")] = ()
    orbit_seconds: Annotated[
        float, Row("Round", 0.05, 3600.0, SECONDS, LOG, cc=23, cc_range=(120.0, 0.5))
    ] = 16.0
    orbit_beats: Annotated[
        float, Row("Round by the beat", 0.0, 1024.0, BEATS, DIVISIONS, cc=23, does=BY_CLOCK)
    ] = 0.0
    orbit_amount: Annotated[float, Row("Round trip's share", cc=24, does="in the blend")] = 0.0
    pressure_position: Annotated[float, Row("Pressure to place", -1.0, 1.0, centred=True)] = 0.25
    pressure_depth: Annotated[float, Row("Pressure to LFO depth")] = 0.0


class Voice(Struct, frozen=True):
    """How a key sounds: envelope, touch, pitch wheel."""

    polyphony: Annotated[int, Row("Polyphony", 1, 256, home=Home.SET_UP, kernel="polyphony")] = 128
    voices_per_key: Annotated[int, Row("Voices of a key", 1, 16, home=Home.MACHINE)] = 4
    attack: Annotated[float, Row("Attack", 0.0, 20.0, SECONDS, CUBIC)] = 0.002
    decay: Annotated[float, Row("Decay", 0.0, 20.0, SECONDS, CUBIC)] = 0.1
    sustain: Annotated[float, Row("Sustain")] = 1.0
    release: Annotated[float, Row("Release", 0.0, 30.0, SECONDS, CUBIC)] = 0.4
    velocity_curve: Annotated[float, Row("Velocity curve", 0.0, 4.0, kernel="")] = 1.6
    brightness: Annotated[
        float,
        Row("Brightness", -1.0, 1.0, centred=True, cc=74, does="shelf above 1.5 kHz, up to 12 dB"),
    ] = 0.0
    velocity_brightness: Annotated[float, Row("Velocity to brightness")] = 0.3
    pressure_brightness: Annotated[float, Row("Pressure to brightness")] = 0.5
    bend_range: Annotated[float, Row("Bend range", 0.0, 96.0, SEMITONES)] = 2.0
    mode: Annotated[
        Literal["poly", "mono", "legato"],
        Row("Mode", does="CC 126 is mono, 127 poly"),
    ] = "poly"
    priority: Annotated[Literal["last", "low", "high"], Row("Priority")] = "last"
    glide: Annotated[
        float,
        Row("Portamento time", 0.0, 10.0, SECONDS, CUBIC, cc=5),
    ] = 0.0
    glide_scale: Annotated[
        Literal["time", "octave"],
        Row("Portamento scale", does="octave: the time is that of twelve keys"),
    ] = "time"
    glide_when: Annotated[Literal["overlap", "always"], Row("Portamento when")] = "overlap"
    steal_fade: Annotated[
        float, Row("Fade", 0.001, 0.1, SECONDS, LOG, Home.MACHINE, kernel="fade")
    ] = 0.008


class Vibrato(Struct, frozen=True):
    """How much of the vibrato of its instruments a note gets."""

    amount: Annotated[float, Row("Vibrato", 0.0, 2.0, kernel="vibrato")] = 1.0


class Tuning(Struct, frozen=True):
    """At which pitch each key sounds. Texts are what Scala's files hold; "": twelve equal steps."""

    scale: Annotated[str, Row("Scale", kernel="", holds=parse_scale)] = ""
    map: Annotated[str, Row("Keyboard map", kernel="", holds=parse_map)] = ""
    a4: Annotated[float, Row("A4", 380.0, 480.0, HERTZ, kernel="")] = 440.0


class Air(Struct, frozen=True):
    """How much a note has of what lies above 8 kHz: 0 nothing, 1 as much as real notes."""

    amount: Annotated[float, Row("Air", 0.0, 2.0, home=Home.SET_UP, kernel="air")] = 1.0


class Life(Struct, frozen=True):
    """How much the partials of a note fluctuate: 0 not at all, 1 as those of real notes."""

    amount: Annotated[float, Row("Life", 0.0, 2.0, home=Home.SET_UP, kernel="")] = 0.0


class Output(Struct, frozen=True):
    """How loud."""

    gain_db: Annotated[float, Row("Gain", -60.0, 24.0, DECIBELS, kernel="master_gain")] = 0.0
    ceiling_db: Annotated[float, Row("Ceiling", -24.0, 0.0, DECIBELS, kernel="ceiling")] = -1.0


class Effects(Struct, frozen=True):
    """How much of each part goes to which effect, and how the effects sound."""

    spread: Annotated[float, Row("Key spread", home=Home.PART)] = 0.3
    plate: Annotated[float, Row("Plate send", home=Home.PART, cc=91)] = 0.12
    ensemble: Annotated[float, Row("Ensemble send", home=Home.PART, cc=93)] = 0.0
    delay: Annotated[float, Row("Delay send", home=Home.PART, cc=94)] = 0.0
    plate_decay: Annotated[float, Row("Plate decay", 0.4, 20.0, SECONDS, LOG, as_it_is=True)] = 2.2
    plate_size: Annotated[float, Row("Plate size", 0.5, 1.5, "x")] = 1.0
    plate_damping: Annotated[float, Row("Plate damping", 1000.0, 16_000.0, HERTZ, LOG)] = 6000.0
    plate_predelay: Annotated[float, Row("Plate pre-delay", 0.0, 0.12, SECONDS, as_it_is=True)] = (
        0.012
    )
    plate_low_cut: Annotated[float, Row("Plate low cut", 20.0, 500.0, HERTZ, LOG)] = 90.0
    plate_drift: Annotated[float, Row("Plate drift")] = 0.4
    ensemble_rate: Annotated[float, Row("Ensemble rate", 0.25, 4.0, "x", LOG)] = 1.0
    ensemble_depth: Annotated[float, Row("Ensemble depth")] = 0.5
    delay_time: Annotated[float, Row("Delay time", 0.01, 2.6, SECONDS, LOG, as_it_is=True)] = 0.35
    delay_feedback: Annotated[float, Row("Delay feedback", 0.0, 0.95)] = 0.35
    delay_tone: Annotated[float, Row("Delay tone", 400.0, 16_000.0, HERTZ, LOG)] = 4000.0
    delay_cross: Annotated[float, Row("Delay cross")] = 1.0
    delay_duck: Annotated[float, Row("Delay duck", 0.0, 12.0, DECIBELS, as_it_is=True)] = 0.0


class PartTable(Struct, frozen=True):
    """What the keys of some channels play. What a part leaves out is as here."""

    channels: Annotated[tuple[Channel, ...], Row("Channels")] = ()
    instruments: Annotated[Path, Row("Morph path")] = ()
    level_db: Annotated[float, Row("Level", -60.0, 12.0, DECIBELS)] = 0.0
    pan: Annotated[float, Row("Pan", -1.0, 1.0, centred=True)] = 0.0
    low: Annotated[int, Row("Lowest key", 0, 127)] = 0
    high: Annotated[int, Row("Highest key", 0, 127)] = 127
    transpose: Annotated[int, Row("Transpose", -48, 48, SEMITONES)] = 0
    own: dict[str, Any] = field(default_factory=dict)  # other parameters, by id
