"""How far ahead a continuation has to aim, so that it is there when its voice comes by."""

MADE_SHARE = 0.2  # weight of the newest measurement
HEADROOM = 1.3  # some take longer than most
MARGIN_SECONDS = (0.004, 0.200)  # for the driver's blocks: least and most
QUICK = 0.75  # share of its usual time that the network takes at least, as a rule
LATE_FACTOR, EARLY_FACTOR = 1.5, 0.996  # one in a hundred comes too late


class Pace:
    """Learns from what it cost to make continuations, and from those that came too late."""

    def __init__(self) -> None:
        self._network, self._rest = 0.015, 0.005
        self._margin = 0.010

    @property
    def lead(self) -> float:
        """Seconds from the beginning of a continuation until its voice may go on in it."""
        return self._network + self.last_lead

    @property
    def least_lead(self) -> float:
        """The same where the network is quick."""
        return QUICK * self._network + self.last_lead

    @property
    def last_lead(self) -> float:
        """The same from when the network has run for its first part."""
        return HEADROOM * self._rest + self._margin

    def made(self, network: float, rest: float) -> None:
        """For the first part of a continuation the network took so long, and all else (seconds)."""
        self._network += MADE_SHARE * (network - self._network)
        self._rest += MADE_SHARE * (rest - self._rest)

    def joined(self) -> None:
        """A voice went on as planned."""
        self._margin = max(self._margin * EARLY_FACTOR, MARGIN_SECONDS[0])

    def refused(self) -> None:
        """The voice had already passed the join."""
        self._margin = min(self._margin * LATE_FACTOR, MARGIN_SECONDS[1])


class FixedPace(Pace):
    """Where time waits for the renderer: always the same lead."""

    def __init__(self, lead: float) -> None:
        super().__init__()
        self._fixed = lead

    @property
    def lead(self) -> float:
        """See `Pace`."""
        return self._fixed

    @property
    def least_lead(self) -> float:
        """See `Pace`."""
        return self._fixed

    @property
    def last_lead(self) -> float:
        """See `Pace`."""
        return self._fixed
