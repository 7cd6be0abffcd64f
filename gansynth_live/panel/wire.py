"""What is sent to a page, in bytes: see docs/panel.md."""

import struct
from collections.abc import Mapping, Sequence
from math import isnan, nan
from typing import Any

from msgspec import json

from gansynth_live.panel.playing import Facts, Listed, Meters
from gansynth_live.parameters.controllers import ALL_CHANNELS, Bindings
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS
from gansynth_live.patch import KEYS, Patch, is_of_a_part
from gansynth_live.presets.preset import CATEGORIES

METERS, SPECTRUM = 1, 2
KINDS = {bool: "bool", int: "int", float: "float", str: "text", dict: "table"}
METERS_HEAD = struct.Struct("<BBHHHHHHHIIfff")
UNKNOWN = 0xFFFF
LIMITS, LOST, LEARNS = 1, 2, 4


def text(kind: str, **fields: Any) -> str:
    """A message in JSON."""
    return json.encode({"t": kind, **fields}).decode()


def welcome(
    facts: Facts, patch: Patch, presets: Sequence[Listed], bindings: Bindings, **more: Any
) -> str:
    """All that there is to know."""
    return text(
        "welcome",
        model=facts.model,
        low=facts.low,
        high=facts.high,
        instruments=[{"name": name, "family": family} for name, family in facts.instruments],
        parameters=[_described(each) for each in PARAMETERS.values() if each.is_of_patch],
        values={"all": patch.all, "parts": patch.parts},
        presets=listed(presets),
        categories=CATEGORIES,
        bindings=bound(bindings),
        **more,
    )


def listed(presets: Sequence[Listed]) -> list[dict[str, Any]]:
    """Presets as a page lists them."""
    return [each._asdict() for each in presets]


def bound(bindings: Bindings) -> dict[str, str]:
    """Controllers by what they move, for people."""
    return {
        name: ", ".join(
            f"CC {each.cc}" + (f" ch {each.channel}" if each.channel != ALL_CHANNELS else "")
            for each in several
        )
        for name, several in bindings.items()
        if several
    }


def meters(now: Meters, number: int) -> bytes:
    """Meters, as the frame of a number."""
    flags = LIMITS * now.limits | LOST * now.lost | LEARNS * now.learns
    x, y = now.pad or (nan, nan)
    head = METERS_HEAD.pack(
        METERS,
        flags,
        _short(now.voices),
        _short(-100.0 * now.peak_db),
        _short(100.0 * now.reduction_db),
        UNKNOWN if isnan(now.load) else _short(1000.0 * now.load),
        _short(now.fresh),
        _short(now.keys),
        _short(now.waiting),
        now.late & 0xFFFFFFFF,
        number & 0xFFFFFFFF,
        x,
        y,
        now.position,
    )
    return head + now.each_key


def spectrum(levels: bytes, cents: bytes) -> bytes:
    """A spectrum: [192] levels, [192] signed steps of fine tuning."""
    return bytes((SPECTRUM, 0, 0, 0)) + levels + cents


def _short(number: float) -> int:
    return int(min(max(round(number), 0), UNKNOWN - 1))


def _described(parameter: Parameter) -> Mapping[str, Value]:
    row = parameter.row
    return {
        "id": parameter.id,
        "name": row.name,
        "section": parameter.section,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "default": parameter.default,
        "kind": "choice" if parameter.choices else KINDS.get(type(parameter.default), "list"),
        "curve": row.curve.value,
        "centred": row.centred,
        "choices": parameter.choices,
        "scope": "part" if is_of_a_part(parameter) else "all",
        "learnable": parameter.is_learnable,
        "settable": parameter.home is not Home.SET_UP and parameter.id not in KEYS,
        "does": row.does,
    }
