"""Configuration files gone wrong: values of other types and sizes, other nesting, other bytes."""

import random
import tomllib
from typing import Any

from tests.config.shipped import DEFAULTS_FILE
from tests.fuzz.damage import damaged

Sections = dict[str, dict[str, str]]  # values as TOML

ODD_VALUES = (
    *("nan", "-nan", "inf", "-inf", "-0.0", "1e308", "1e-320", "1e999", "-1", "0", "1", "127.5"),
    *("128", "9" * 18, "9" * 30, "-" + "9" * 30, "9" * 5000, "0x" + "f" * 16, "0x" + "f" * 300),
    *("0x" + "f" * 5000, "0o7", "0b1", "1_0", "true", "false", '""', "''", '"a"', '"\\u0000"'),
    *('"\\n"', '"\\u202e"', '"\\U0001f3b9"', '"' + "x" * 5000 + '"', '"""a\nb"""', "1979-05-27"),
    *("07:32:00", "1979-05-27T07:32:00Z", "9999-12-31T23:59:59+23:59", "[]", "{}", "[[]]", "[{}]"),
    *("[1, 2]", '["a", 1]', '["", ""]', "[1.5]", "[-1]", "[true]", '["' + '", "'.join("ab") + '"]'),
    *("{a = 1}", '{"" = 1}', '{"\\n" = 20}', "{a = {a = 1}}", '{"a.b" = "c"}', "[nan, 1]"),
    *('"random:1"', '"random:"', '"random:9:9:9"', '["random:1"]', '["\\u0000\\n"]', '"/dev/zero"'),
)
LIKELY_VALUES = (
    *("0", "1", "2", "16", "64", "127", "0.5", "0.01", "-1", "true", "false", '"auto"', '""'),
    *('"a"', "[]", "[1, 2]", '["random:1"]', '["cello", "flute"]', "{brightness = 3}"),
)
ODD_NAMES = (
    *('""', '"a b"', '"\\n"', '"\\u0000"', "a.b", "a.b.c", "é", '"é"', "_", "-", "1", "voice"),
    *("x" * 3000, '"' + "x" * 3000 + '"', '"__class__"', "'[x]'", '"\\U0001f3b9"'),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "utf-7")


def value_text(value: Any) -> str:
    """A plain value as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(value_text, value))}]"
        case dict():
            return f"{{{', '.join(f'{name} = {value_text(v)}' for name, v in value.items())}}}"
        case _:
            return str(value)


PART = {"channels": [1, 2], "instruments": ["cello"], "level_db": -3.0, "low": 0, "transpose": 12}
DEFAULTS: Sections = {
    section: {name: value_text(value) for name, value in values.items()}
    for section, values in {
        **tomllib.loads(DEFAULTS_FILE.read_text("utf-8")),
        "part": PART,
    }.items()
}


def mutant(rng: random.Random) -> bytes:
    """A file that was one of settings."""
    sections = {
        name: {key: value for key, value in values.items() if rng.random() < 0.3}
        for name, values in DEFAULTS.items()
        if rng.random() < 0.5
    }
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        mutate_sections(sections, rng)
    content = text_of(sections, rng).encode()
    if rng.random() < 0.3:
        content = damaged(content, rng)
    if rng.random() < 0.03:
        content = content.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")
    return content


def override(rng: random.Random) -> str:
    """A setting of the command line: section.key=value, more or less."""
    section = rng.choice(list(DEFAULTS))
    name, value = rng.choice(list(DEFAULTS[section].items()))
    odd = rng.choice(ODD_VALUES) if rng.random() < 0.8 else value
    text = f"{section}.{name}={nested(odd, rng)}"
    if rng.random() < 0.4:
        text = damaged(text.encode(), rng).decode("utf-8", "surrogateescape")
    return text


def mutate_sections(sections: Sections, rng: random.Random) -> None:
    """One change of a value, a key or a section."""
    name = rng.choice(list(DEFAULTS))
    section, others = sections.setdefault(name, {}), DEFAULTS[rng.choice(list(DEFAULTS))]
    key = rng.choice(list(DEFAULTS[name]))
    match rng.randrange(12):
        case 0 | 1 | 2:
            section[key] = nested(rng.choice(ODD_VALUES), rng)
        case 3 | 4 | 5:
            section[key] = rng.choice(LIKELY_VALUES)
        case 6 | 7:
            section[key] = nested(rng.choice(list(others.values())), rng)
        case 8:
            section |= others
        case 9:
            section[rng.choice(ODD_NAMES)] = section.pop(key, "1")
        case 10:
            sections[rng.choice(ODD_NAMES)] = dict(section)
        case _:
            letter = rng.randrange(len(key))
            section[key[:letter] + key[letter + 1 :]] = "1"


def nested(value: str, rng: random.Random) -> str:
    """Mostly the value itself, sometimes within arrays or tables."""
    depth = rng.choice((0, 0, 0, 0, 0, 0, 1, 2, 40, 400))
    opening, closing = rng.choice((("[", "]"), ("{a = ", "}"), ("[1, ", ", 2]")))
    return opening * depth + value + closing * depth


def text_of(sections: Sections, rng: random.Random) -> str:
    """The file, its sections in one of several styles."""
    lines = []
    plain = rng.random() < 0.8
    for section, values in sections.items():
        style = 3 if plain else rng.choice((3, 3, 2, 1, 0))
        if (style == 0) != (section == "part"):
            lines.append(f"[[{section}]]")
        elif style == 1:
            lines.append(f"{section} = {rng.choice(ODD_VALUES)}")
        elif style != 2:
            lines.append(f"[{section}]")
        prefix = f"{section}." if style == 2 else ""
        lines += [f"{prefix}{key} = {value}" for key, value in values.items()]
    return ("\n" if plain else rng.choice(("\n", "\r\n", "\r"))).join([*lines, ""])
