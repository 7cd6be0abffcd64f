"""What the player of a MIDI channel moves while playing. No patch keeps it."""

from typing import Annotated

from msgspec import Struct

from gansynth_live.parameters.row import Curve, Row

LOG = Curve.LOG


class Channel(Struct, frozen=True):
    """A channel as it is at power-on."""

    volume: Annotated[float, Row("Volume", cc=7, does="squared; 100 at power-on")] = 100 / 127
    pan: Annotated[float, Row("Pan", -1.0, 1.0, centred=True, cc=10, does="constant power")] = 0.0
    expression: Annotated[float, Row("Expression", cc=11, does="squared; on top of volume")] = 1.0
    sustain: Annotated[
        float,
        Row(
            "Sustain",
            cc=64,
            does="a switch, on from 64; with `midi.half_pedal` continuous: from 3/4 of its travel"
            " on it holds, from 1/4 to 3/4 it lengthens the release",
        ),
    ] = 0.0
    portamento: Annotated[
        bool, Row("Portamento", cc=65, does="off: notes of the channel do not glide")
    ] = True
    sostenuto: Annotated[
        bool, Row("Sostenuto", cc=66, does="holds the keys that were down when it went down")
    ] = False
    soft: Annotated[
        float,
        Row(
            "Soft",
            cc=67,
            does="continuous: up to 35 % less gain for new notes; `midi.invert_pedals` turns all"
            " three pedals over",
        ),
    ] = 0.0
    legato: Annotated[
        bool,
        Row("Legato", cc=68, does="while it is down, the channel plays as in the mode legato"),
    ] = False
    release_scale: Annotated[
        float, Row("Release time", 1 / 8, 8.0, "x", LOG, centred=True, cc=72)
    ] = 1.0
    attack_scale: Annotated[
        float, Row("Attack time", 1 / 8, 8.0, "x", LOG, centred=True, cc=73)
    ] = 1.0
    decay_scale: Annotated[float, Row("Decay time", 1 / 8, 8.0, "x", LOG, centred=True, cc=75)] = (
        1.0
    )
    vibrato_rate: Annotated[
        float,
        Row(
            "Vibrato rate",
            1 / 2,
            2.0,
            "x",
            LOG,
            centred=True,
            cc=76,
            does="of the own",
        ),
    ] = 1.0
    vibrato_depth: Annotated[
        float,
        Row(
            "Vibrato depth",
            -1.0,
            1.0,
            centred=True,
            cc=77,
            does="below 64 less, 0 none; above 64 up to 50 cents more, for instruments without"
            " vibrato too (5 Hz)",
        ),
    ] = 0.0
    vibrato_delay: Annotated[
        float,
        Row(
            "Vibrato delay",
            -1.0,
            1.0,
            centred=True,
            cc=78,
            does="below 64 sooner, 0 at once; above 64 up to 2 s later",
        ),
    ] = 0.0
