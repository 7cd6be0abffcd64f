"""How far ahead a continuation has to aim, so that it is there when its voice comes by."""

MADE_SHARE = 0.2  # weight of the newest measurement
HEADROOM = 1.3  # some take longer than most
MARGIN_SECONDS = (0.004, 0.200)  # for the driver's blocks: least and most
QUICK = 0.75  # share of its usual time that the network takes at least, as a rule
LATE_FACTOR, EARLY_FACTOR = 1.5, 0.996  # one in a hundred comes too late


class Pace:
    """Learns from what it cost to make continuations, and from those that came too late.

    Attributes:
        fixed: lead in seconds where time waits for the renderer, and nothing is learnt; else None.
    """

    def __init__(self, fixed: float | None = None) -> None:
        self.fixed = fixed
        self._network, self._rest = 0.015, 0.005
        self._margin = 0.010

    @property
    def lead(self) -> float:
        """Seconds from the beginning of a continuation until its voice may go on in it."""
        return self._unless_fixed(self._network + self._last_lead)

    @property
    def least_lead(self) -> float:
        """The same where the network is quick."""
        return self._unless_fixed(QUICK * self._network + self._last_lead)

    @property
    def last_lead(self) -> float:
        """The same from when the network has run for its first part."""
        return self._unless_fixed(self._last_lead)

    def made(self, network: float, rest: float) -> None:
        """For the first part of a continuation the network took so long, and all else (seconds)."""
        if self.fixed is None:
            self._network += MADE_SHARE * (network - self._network)
            self._rest += MADE_SHARE * (rest - self._rest)

    def joined(self) -> None:
        """A voice went on as planned."""
        if self.fixed is None:
            self._margin = max(self._margin * EARLY_FACTOR, MARGIN_SECONDS[0])

    def refused(self) -> None:
        """The voice had already passed the join."""
        if self.fixed is None:
            self._margin = min(self._margin * LATE_FACTOR, MARGIN_SECONDS[1])

    @property
    def _last_lead(self) -> float:
        return HEADROOM * self._rest + self._margin

    def _unless_fixed(self, learnt: float) -> float:
        return learnt if self.fixed is None else self.fixed
