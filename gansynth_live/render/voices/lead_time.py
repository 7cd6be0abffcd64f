"""How far ahead a continuation has to aim, so that it is there when its voice comes by.

And how long workers may be busy meanwhile, so that no voice runs dry before they look again.
"""

MADE_SHARE = 0.2  # weight of the newest measurement
HEADROOM = 1.3  # some take longer than most
MARGIN_SECONDS = (0.004, 0.200)  # for the driver's blocks: least and most
QUICK = 0.75  # share of its usual time that the network takes at least, as a rule
LATE_FACTOR, EARLY_FACTOR = 1.5, 0.996  # one in a hundred comes too late
FADES = 0.98  # of the longest that a worker was busy, with each time that it was less
BUSY_MOST = 0.3  # seconds: what took longer was the machine's hiccup


class LeadTime:
    """Learns from what it cost to make continuations, and from those that came too late.

    Attributes:
        fixed: lead in seconds where time waits for the renderer, and nothing is learnt; else None.
    """

    def __init__(self, fixed: float | None = None) -> None:
        self.fixed = fixed
        self._network, self._rest = 0.015, 0.005
        self._margin = 0.010
        self._busy = 0.0

    @property
    def whole(self) -> float:
        """Seconds from the beginning of a continuation until its voice may go on in it."""
        return self._unless_fixed(self._network + self._last_lead)

    @property
    def least(self) -> float:
        """The same as `whole`, where the network is as quick as it ever is."""
        return self._unless_fixed(QUICK * self._network + self._last_lead)

    @property
    def last(self) -> float:
        """The same, counted from when the network has run for its first slice."""
        return self._unless_fixed(self._last_lead)

    @property
    def busy(self) -> float:
        """Seconds that a worker may be busy with one thing before it looks again."""
        return 0.0 if self.fixed is not None else self._busy

    def record_busy(self, seconds: float) -> None:
        """A worker was busy with one thing."""
        self._busy = max(min(seconds, BUSY_MOST), FADES * self._busy)

    def record(self, network: float, rest: float) -> None:
        """For the first part of a continuation the network took so long, and all else (seconds)."""
        if self.fixed is None:
            self._network += MADE_SHARE * (network - self._network)
            self._rest += MADE_SHARE * (rest - self._rest)

    def on_joined(self) -> None:
        """A voice went on as planned."""
        if self.fixed is None:
            self._margin = max(self._margin * EARLY_FACTOR, MARGIN_SECONDS[0])

    def on_refused(self) -> None:
        """The voice had already passed the join."""
        if self.fixed is None:
            self._margin = min(self._margin * LATE_FACTOR, MARGIN_SECONDS[1])

    @property
    def _last_lead(self) -> float:
        return HEADROOM * self._rest + self._margin

    def _unless_fixed(self, learnt: float) -> float:
        return learnt if self.fixed is None else self.fixed
