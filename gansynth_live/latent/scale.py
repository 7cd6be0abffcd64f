"""From a controller's 0..127 to amounts, and from amounts to places that can be met again."""

HIGHEST = 127
CENTRE = 64
LONGEST_GLIDE = 20.0  # seconds
WIDEST_FOCUS = 4.0


def unipolar(value: int) -> float:
    """0..1."""
    return value / HIGHEST


def bipolar(value: int) -> float:
    """-1..1 with 0 at the centre, 64."""
    return (value - CENTRE) / (HIGHEST - CENTRE if value > CENTRE else CENTRE)


def glide_seconds(value: int) -> float:
    """0..20 s, the third power of the way: fine where it is short."""
    return LONGEST_GLIDE * unipolar(value) ** 3


def focus_factor(value: int) -> float:
    """1/4..4 in even ratios, 1 at the centre."""
    return float(WIDEST_FOCUS ** bipolar(value))


def nearest(amount: float, places: int) -> float:
    """The nearest of `places` even places in 0..1, both ends among them."""
    last = max(places - 1, 1)
    return round(amount * last) / last
