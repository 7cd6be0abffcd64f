"""From amounts to places that can be met again."""


def nearest(amount: float, places: int) -> float:
    """The nearest of `places` even places in 0..1, both ends among them."""
    last = max(places - 1, 1)
    return round(amount * last) / last
