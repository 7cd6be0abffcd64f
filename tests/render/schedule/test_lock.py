"""How threads wait for something to do."""

from threading import Event, Thread

from gansynth_live.render.schedule.lock import Lock

DEADLINE = 30.0


class Idle:
    """So many workers that never find anything to do, and how often each has looked."""

    def __init__(self, lock: Lock, count: int, patience: float | None) -> None:
        self.looks = [0] * count
        self.looked = Event()
        self._lock = lock
        self._patience = patience
        self._threads = [
            Thread(target=self._look, args=[number], daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _look(self, number: int) -> None:
        while not self._lock.is_closed:
            seen = self._lock.changes
            self.looks[number] += 1
            if min(self.looks) >= 20:
                self.looked.set()
            self._lock.rest(seen, lambda: self._patience)

    def end(self) -> None:
        self._lock.close()
        for thread in self._threads:
            thread.join(DEADLINE)
        assert not any(thread.is_alive() for thread in self._threads)


def test_every_idle_worker_looks_again() -> None:
    """A single watcher would often be busy when a voice runs dry."""
    lock = Lock()
    idle = Idle(lock, 3, patience=0.001)
    assert idle.looked.wait(DEADLINE)
    idle.end()


def test_nobody_looks_again_before_something_changes() -> None:
    lock = Lock()
    idle = Idle(lock, 3, patience=None)
    assert lock.wait_for(lambda: False, timeout=0.1) is False
    assert max(idle.looks) <= 1
    with lock.changing():
        pass
    idle.end()


def test_who_finds_something_wakes_the_next() -> None:
    lock, left, done = Lock(), [None] * 40, Event()

    def work() -> None:
        while not lock.is_closed:
            seen = lock.changes
            with lock.holding():
                found = bool(left) and left.pop() is None
                if found:
                    lock.wake()
                elif not left:
                    done.set()
            if not found:
                lock.rest(seen, lambda: None)

    threads = [Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert done.wait(DEADLINE)
    lock.close()
    for thread in threads:
        thread.join(DEADLINE)
        assert not thread.is_alive()
