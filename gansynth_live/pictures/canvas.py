"""The paper that all pictures are drawn on: black, keys upwards, seconds to the right."""

from pathlib import Path

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from gansynth_live.files import replacing
from gansynth_live.pictures.constant_q import BINS_A_KEY
from gansynth_live.pictures.rainbowgram import HIGHEST_KEY, LOWEST_KEY, Rainbowgram

PAPER = "#0b0b10"
INK = "#d8d8e0"
DOTS_PER_INCH = 120

rcParams["text.parse_math"] = False  # a $ in the name of a file or an instrument is a $


def figure(width: float, height: float) -> Figure:
    """An empty dark figure, sizes in inches."""
    return Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor=PAPER, layout="constrained")


def show(axes: Axes, picture: Rainbowgram) -> None:
    """Lay a rainbowgram under `axes`, whose x are seconds and whose y are MIDI keys."""
    half_bin = 0.5 / BINS_A_KEY
    bottom = LOWEST_KEY - half_bin
    top = bottom + len(picture.image) / BINS_A_KEY
    axes.imshow(
        picture.image,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=(0.0, picture.seconds, bottom, top),
    )
    octaves = range(LOWEST_KEY, HIGHEST_KEY + 1, 12)
    axes.set_yticks(list(octaves), [f"C{key // 12 - 1}" for key in octaves])
    axes.set_facecolor(PAPER)
    dress(axes)


def dress(axes: Axes) -> None:
    """Ink the frame and the numbers."""
    axes.tick_params(colors=INK, labelsize=8)
    for spine in axes.spines.values():
        spine.set_color("#40404c")


def printable(text: str) -> str:
    """`text` with ? for what the font cannot show: names may hold any bytes, and any script."""
    font = get_font(findfont(FontProperties()))
    return "".join(letter if font.get_char_index(ord(letter)) else "?" for letter in text)


def save(drawing: Figure, path: Path) -> None:
    """Write a PNG file.

    Raises:
        UsageError: the folder is missing or not writable.
    """
    with replacing(path) as beside:
        drawing.savefig(beside, format="png")
