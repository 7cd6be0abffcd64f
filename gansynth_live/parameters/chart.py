"""The chart of controllers for docs/midi-implementation.md, from the table of parameters.

`python -m gansynth_live.parameters.chart FILE` brings the chart in a file up to date.
"""

import sys
from pathlib import Path

from gansynth_live.parameters.controllers import Binding, Route, default_bindings
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import find

FROM = "<!-- controllers: from the table of parameters -->"
TO = "<!-- end of controllers -->"
HEAD = ("| CC | what it moves | between | |", "|---|---|---|---|")
# Control changes that MIDI gives a fixed meaning.
FIXED = {
    0: ("0, 32", "bank select", "", "acts at the next program change"),
    6: ("6, 38", "data entry", "", "value of the selected registered parameter"),
    84: ("84", "portamento control", "key", "the next note of the channel glides from that key"),
    98: (
        "98, 99",
        "NRPN",
        "",
        "deselect the registered parameter; have none of their own",
    ),
    100: (
        "100, 101",
        "RPN",
        "",
        "0 bend range (with cents), 1 fine tuning, 2 coarse tuning; others are ignored",
    ),
    120: (
        "120",
        "all sound off",
        "",
        "every voice of the channel fades within 8 ms, all effects within 22 ms",
    ),
    121: (
        "121",
        "reset controllers",
        "",
        "expression, bend, pedals, portamento, pressure, parameter number (RP-015); volume, pan,"
        " times, vibrato, tuning and the morph stay",
    ),
    123: (
        "123",
        "all notes off",
        "",
        "releases every key of the channel; pedals keep what they keep",
    ),
    124: ("124, 125", "omni mode", "", "as all notes off"),
    126: ("126", "mono", "0, 1", "as all notes off, then one voice (`voice.mode`)"),
    127: ("127", "poly", "", "as all notes off, then many voices"),
}


def chart() -> str:
    """The chart as Markdown, by number."""
    rows = [
        (binding.cc, _moved(name, binding))
        for name, bindings in default_bindings().items()
        for binding in bindings
    ]
    rows += FIXED.items()
    lines = [f"| {' | '.join(row)} |" for _, row in sorted(rows, key=lambda row: row[0])]
    return "\n".join((FROM, *HEAD, *lines, TO))


def with_chart(text: str) -> str:
    """A document with its chart brought up to date."""
    before, _, rest = text.partition(FROM)
    _, _, after = rest.partition(TO)
    return before + chart() + after


def _moved(name: str, binding: Binding) -> tuple[str, str, str, str]:
    parameter = find(name)
    values = Route.of(parameter, binding).values
    ends = f"{parameter.text(values[0])} .. {parameter.text(values[-1])}"
    setting = "" if parameter.home is Home.CHANNEL else f"`{name}`"
    notes = "; ".join(note for note in (parameter.row.does, setting) if note)
    return str(binding.cc), parameter.row.name, ends, notes


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(with_chart(document.read_text("utf-8")), "utf-8")
