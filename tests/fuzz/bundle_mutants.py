"""Model bundles gone wrong: descriptions, tensors and files; mostly with sums that fit again."""

import hashlib
import json
import os
import random
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.normaliser import Constants, Identity, PerBin
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec
from gansynth_live.model.weights import pack_weights
from tests.fuzz.damage import damaged

SPEC = "model.json"
TEXTS = (SPEC, "instruments.json", "vibrato.json", "recordings.json", "import.json")
ARRAYS = ("weights.safetensors", "recordings.safetensors")

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 7, 16, 127, 128, 4096, 16384, 65536, 1 << 31, 1 << 63),
    *(1 << 64, -(1 << 63), 10**300, 0.5, -0.0, 1e-320, 1e-30, 1e30, 1e308, -1e308),
    *(float("nan"), float("inf"), "", "a", "5", "\n", "\x00", "\u202e", "🎹", "x" * 3000, "../x"),
    *([], {}, [[]], [1, 2], ["a"], [None], {"a": 1}, {"": 0}, {"type": "harmonic"}),
    *({"type": "identity"}, {"type": "per bin"}, {"type": "progressive"}, [0.5, 0.5], [1.0]),
)
ODD_NAMES = (
    *("", "a", "type", "\n", "\x00", "🎹", "x" * 3000, "files", "..", "../../etc/passwd", SPEC),
    *("/dev/zero", "weights.safetensors/", "./weights.safetensors", "weights.safetensors\x00"),
    *("__metadata__", "latents", "one", "README.md", "NOTICE"),
)
KINDS = ("F16", "F32", "F64", "BF16", "I8", "I64", "U8", "BOOL", "F8_E4M3", "C64", "X")
ODD_FLOATS = (b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f", b"\xff\xff\x7f\x7f", b"\x01\x00\x00\x00")
HEADER = struct.Struct("<Q")  # length of the description of the tensors, which follows it


def write_mutant(folder: Path, sound: Mapping[str, bytes], rng: random.Random) -> None:
    """Fill an empty folder with what was a bundle, `sound` or one of other sizes."""
    contents = dict(sound) if rng.random() < 0.7 else another_model(rng)
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 3))):
        mutate_contents(contents, rng)
    if rng.random() < 0.9:
        contents = summed(contents)
    if rng.random() < 0.3:
        contents[SPEC] = in_json(contents[SPEC], rng)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    if rng.random() < 0.1:
        mutate_files(folder, rng)


def another_model(rng: random.Random) -> dict[str, bytes]:
    """The files of a model without mistakes, of sizes that nobody would choose."""
    family, frames, mel_bins = another_family(rng)
    bins = mel_bins * rng.choice((1, 1, 2, 3))
    hop = rng.choice([hop for hop in range(1, bins + 1) if bins % hop == 0])
    low, high = sorted((rng.randrange(128), rng.randrange(128)))
    scale = rng.choice((0.2, 1.0, -0.5, 79.0))
    spec = ModelSpec(
        name="another",
        licence="none",
        sample_rate=rng.choice((4000, 8000, 16_000, 44_100, 192_000)),
        latent_size=rng.choice((1, 2, 5)),
        low_pitch=low,
        high_pitch=high,
        mel_bins=mel_bins,
        stft=Stft(2 * bins, hop, frames, rng.randint(1, hop * (frames - 1) + 2 * bins)),
        normaliser=rng.choice((Identity(), Constants(scale, 0.5, 0.8, 0.0), PerBin())),
        family=family,
    )
    numbers = np.random.default_rng(rng.randrange(1 << 32))
    loud = rng.choice((0.0, 0.1, 1.0, 30.0))
    weights = {
        name: (loud * numbers.standard_normal(shape)).astype(rng.choice((np.float16, np.float32)))
        for name, shape in spec.tensors().items()
    }
    latents = {"one": numbers.standard_normal(spec.latent_size).tolist()}
    contents = {
        "weights.safetensors": pack_weights(weights),
        "instruments.json": json.dumps(latents).encode(),
        SPEC: msgspec.json.encode(spec),
    }
    return summed(contents)


def another_family(rng: random.Random) -> tuple[Progressive | Harmonic, int, int]:
    """A small network, and the frames and mel bins of its images."""
    if rng.random() < 0.2:
        up = rng.choice((1, 2, 3)), rng.choice((1, 2))
        return Harmonic((2, 1, 3, 2), up, rng.choice((1, 7))), 16 * up[0], 256 * up[1]
    blocks, wider = rng.randint(1, 4), rng.choice((1, 1, 2, 4))
    start = rng.randint(1, 3), rng.choice((4, 5, 16))
    alphas = (*(0.0,) * (blocks - 1), 1.0)
    family = Progressive(*start, tuple(rng.randint(1, 4) for _ in range(blocks)), alphas)
    frames, mel_bins = (side * wider << (blocks - 1) for side in start)
    return family, frames, mel_bins


def mutate_contents(contents: dict[str, bytes], rng: random.Random) -> None:
    """One change of what the files hold."""
    name = rng.choice([*contents, SPEC, SPEC])
    match rng.randrange(8):
        case 0:
            contents[name] = damaged(contents[name], rng)
        case 1:
            contents[name] = contents[rng.choice(list(contents))]
        case 2:
            contents[name] += bytes(rng.choice((1, 8, 4096)))
        case 3:
            del contents[name]
            contents.setdefault(SPEC, b"{}")
        case _ if name in ARRAYS:
            contents[name] = in_tensors(contents[name], rng)
        case _:
            contents[name] = in_json(contents[name], rng)


def summed(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with a description that has their sums, where it is still a description."""
    with suppress(ValueError, RecursionError):
        spec = json.loads(contents[SPEC])
        if isinstance(spec, dict):
            sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
            del sums[SPEC]
            return {**contents, SPEC: json.dumps({**spec, "files": sums}).encode()}
    return dict(contents)


def in_json(content: bytes, rng: random.Random) -> bytes:
    """A text with one value, name or place in it changed."""
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return damaged(content, rng)
    node: Any = tree
    places = [node] if isinstance(node, dict | list) and node else []
    while places and isinstance(node, dict | list) and node and rng.random() < 0.7:
        places.append(node)
        node = node[rng.choice(list(node) if isinstance(node, dict) else range(len(node)))]
    if not places:
        return json.dumps(rng.choice(ODD_VALUES)).encode()
    mutate_place(places[-1], rng)
    return json.dumps(tree).encode()


def mutate_place(place: Any, rng: random.Random) -> None:
    """One change of a list or an object."""
    at = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
    match rng.randrange(6):
        case 0:
            del place[at]
        case 1:
            place[at] = [place[at]] if rng.random() < 0.5 else {"a": place[at]}
        case 2 if isinstance(place, dict):
            place[rng.choice(ODD_NAMES)] = place[at]
        case 2:
            place.append(place[at])
        case 3 if isinstance(place[at], int | float):
            place[at] = rng.choice((place[at] + 1, place[at] - 1, place[at] * 2, place[at] / 2))
        case _:
            place[at] = rng.choice(ODD_VALUES)


def in_tensors(content: bytes, rng: random.Random) -> bytes:
    """A safetensors file with its description, its lengths or its numbers changed."""
    if len(content) < HEADER.size:
        return damaged(content, rng)
    (length,) = HEADER.unpack_from(content)
    described, data = content[HEADER.size : HEADER.size + length], content[HEADER.size + length :]
    match rng.randrange(4):
        case 0:
            lengths = (0, 1, length ^ 1, 2**63, 2**64 - 1)
            return HEADER.pack(rng.choice(lengths)) + described + data
        case 1:
            at = rng.randrange(0, len(data) // 4 + 1) * 4
            data = data[:at] + rng.choice(ODD_FLOATS) + data[at + 4 :]
        case 2:
            described = described.replace(b'"F32"', f'"{rng.choice(KINDS)}"'.encode(), 1)
        case _:
            described = in_json(described, rng)
    return HEADER.pack(len(described)) + described + data


def mutate_files(folder: Path, rng: random.Random) -> None:
    """One file becomes something else than a file of its own."""
    path = rng.choice([*folder.iterdir(), folder / "vibrato.json"])
    path.unlink(missing_ok=True)
    match rng.randrange(6):
        case 0:
            path.mkdir()
        case 1:
            path.symlink_to(rng.choice((SPEC, path.name, "absent", "/dev/zero", "..", "/")))
        case 2:
            os.mkfifo(path)
        case 3:
            with path.open("wb") as file:
                file.truncate(rng.choice((0, 1 << 21, 1 << 31)))
        case 4:
            with suppress(FileNotFoundError):
                (folder / "weights.safetensors").replace(path)
        case _:
            pass
