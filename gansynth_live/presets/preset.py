"""A preset: a patch with a name, a place in the list, and the user's own instruments in it."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

import numpy as np
from msgspec import Meta, Struct, field, to_builtins
from msgspec.structs import replace

from gansynth_live.errors import UsageError
from gansynth_live.latent.library import Library
from gansynth_live.latent.sphere import Latent
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.table import PARAMETERS
from gansynth_live.patch import Patch

Table: TypeAlias = dict[str, Any]
# fmt: off
Category: TypeAlias = Literal[
    "Keys", "Mallets", "Plucked", "Strings", "Winds", "Brass", "Voices", "Organs",
    "Basses", "Leads", "Pads", "Motion", "Textures",
]
# fmt: on
CATEGORIES: tuple[str, ...] = get_args(Category)
LONGEST_NAME = 80
FIT_NAME = re.compile(rf'(?![ .])[^/\\:*?"<>|]{{1,{LONGEST_NAME}}}(?<![ .])')  # may name a file
Tag: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40)]
NAMING = ("morph.instruments", "motion.orbit", "morph.program")  # parameters that name instruments
FLOAT = np.dtype("<f4")


class MadeFor(Struct, frozen=True, forbid_unknown_fields=True):
    """The model that a preset was made with."""

    name: Annotated[str, Meta(max_length=200)] = ""
    digest: Annotated[str, Meta(max_length=100)] = ""


class Preset(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A patch and what is said of it.

    Attributes:
        name: under which it is found; it may name a file.
        model: that it was made with; counts where it has instruments of its own.
        instruments: the user's own in it, each as its latent: little-endian float32, bit for bit.
        all: parameters of all parts that are not as by default.
        parts: the same of each part.
    """

    name: str
    author: Annotated[str, Meta(max_length=200)] = ""
    category: Category | Literal[""] = ""
    tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()
    notes: Annotated[str, Meta(max_length=4000)] = ""
    model: MadeFor = MadeFor()
    instruments: Annotated[dict[str, bytes], Meta(max_length=64)] = field(default_factory=dict)
    all: dict[str, Value] = field(default_factory=dict)
    parts: Annotated[tuple[dict[str, Value], ...], Meta(min_length=1, max_length=16)] = ({},)

    @property
    def patch(self) -> Patch:
        """How it sounds."""
        return Patch(self.all, self.parts)

    @property
    def digest(self) -> str:
        """What its sound alone decides: a name or a tag more changes nothing."""
        sound = {"all": self.all, "parts": self.parts, "instruments": self.instruments}
        return hashlib.sha256(canonical(to_builtins(sound))).hexdigest()[:32]

    @property
    def latents(self) -> dict[str, Latent]:
        """The user's own instruments: float32 [latent_size] by name."""
        return {
            name: np.frombuffer(raw, FLOAT).astype(np.float32)
            for name, raw in self.instruments.items()
        }

    @property
    def instrument_names(self) -> list[str]:
        """All instruments that it plays, once each."""
        names: list[str] = []
        for part in self.parts:
            values = {name: PARAMETERS[name].default for name in NAMING} | part
            path, orbit, program = (values[name] for name in NAMING)
            names += [*path, *orbit, program or path[0]]
        return list(dict.fromkeys(names))


def preset_of(
    patch: Patch, library: Library, model: MadeFor, name: str, **description: Any
) -> Preset:
    """A preset of a patch; the user's own instruments go along.

    Args:
        library: knows the instruments of the patch.
        description: what else is said of it: author, category, tags, notes.

    Raises:
        UsageError: it cannot have that name.
    """
    require_fit_name(name)
    preset = Preset(
        name=name,
        model=model,
        all=_unusual(patch.all),
        parts=tuple(_unusual(part) for part in patch.parts),
        **description,
    )
    own = {
        instrument: library.instrument(instrument).astype(FLOAT).tobytes()
        for instrument in preset.instrument_names
        if library.is_own(instrument)
    }
    return replace(preset, instruments=own)


def require_fit_name(name: str) -> None:
    """Raise `UsageError` for a name that no preset can have."""
    if not FIT_NAME.fullmatch(name) or not name.isprintable():
        raise UsageError(
            f"{name!r:.60} cannot name a preset; use 1 to {LONGEST_NAME} letters, none of"
            ' / \\ : * ? " < > |, no blank or dot at the ends'
        )


def require_category(name: str) -> str:
    """The category of a name in whatever case; "" is none.

    Raises:
        UsageError: there is none such.
    """
    for category in ("", *CATEGORIES):
        if category.casefold() == name.casefold():
            return category
    raise UsageError(f"no category {name!r:.60}; there are {', '.join(CATEGORIES)}")


def canonical(table: Any) -> bytes:
    """JSON with sorted keys and no blanks: the same for the same content."""
    return json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _unusual(values: Mapping[str, Value]) -> dict[str, Value]:
    """What is not as by default."""
    return {name: value for name, value in values.items() if value != PARAMETERS[name].default}
