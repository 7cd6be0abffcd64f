"""A control that takes its time: straight to its goal, in the same time from near and far."""


class Glide:
    """A value over time. Players know it from portamento in constant time.

    A goal that changes on the way starts a new straight line from where the value stands, so a
    knob that is turned slowly is followed like a one-pole filter would, yet arrives exactly.
    """

    def __init__(self, value: float) -> None:
        self._origin = value
        self._goal = value
        self._start = 0.0
        self._stop = 0.0

    @property
    def goal(self) -> float:
        """Where it goes or has arrived."""
        return self._goal

    def aim(self, seconds: float, goal: float, duration: float) -> None:
        """From `seconds` on, go to `goal`, reached after `duration` seconds (0: at once).

        The goal that it has already is no news and leaves it on its way.
        """
        if goal == self._goal:
            return
        self._origin = self.at(seconds)
        self._goal = goal
        self._start = seconds
        self._stop = seconds + duration

    def jump(self, goal: float) -> None:
        """Be there now."""
        self._goal = goal
        self._stop = self._start

    def rests_at(self, seconds: float) -> bool:
        """Whether it has arrived."""
        return seconds >= self._stop

    def at(self, seconds: float) -> float:
        """The value at a moment not before the last `aim`."""
        if self.rests_at(seconds):
            return self._goal
        share = (seconds - self._start) / (self._stop - self._start)
        return self._origin + share * (self._goal - self._origin)
