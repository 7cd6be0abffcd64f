"""What waits for a page is bounded, and the newest of it counts."""

import json

from gansynth_live.panel.outbox import MOST_LINES, Outbox


def taken(outbox: Outbox) -> list[dict[str, object]]:
    return [json.loads(message) for message in outbox.take() if isinstance(message, str)]


def test_a_thousand_changes_of_a_parameter_are_one() -> None:
    outbox = Outbox()
    for step in range(1000):
        outbox.change(0, 0, {"voice.attack": step})
    assert taken(outbox) == [
        {"t": "delta", "rev": 1, "from": 0, "part": 0, "v": {"voice.attack": 999}}
    ]
    assert not outbox.filled.is_set()
    assert outbox.take() == []


def test_the_last_to_set_a_parameter_is_the_one_that_is_named() -> None:
    outbox = Outbox()
    outbox.change(0, 1, {"voice.attack": 1.0, "voice.decay": 2.0})
    outbox.change(0, 2, {"voice.attack": 3.0})
    outbox.change(1, 2, {"voice.attack": 4.0})
    told = {(m["from"], m["part"]): m["v"] for m in taken(outbox)}
    assert told == {
        (1, 0): {"voice.decay": 2.0},
        (2, 0): {"voice.attack": 3.0},
        (2, 1): {"voice.attack": 4.0},
    }


def test_a_page_that_takes_nothing_costs_no_memory() -> None:
    outbox = Outbox()
    for number in range(10_000):
        outbox.say("log", line=str(number))
        outbox.show(bytes([1, number % 256]))
        outbox.post("blend", parts=[number])
    messages = outbox.take()
    assert len(messages) == MOST_LINES + 2
    assert messages[-1] == bytes([1, 9999 % 256])


def test_revisions_have_no_gap() -> None:
    outbox = Outbox()
    revisions = []
    for part in range(5):
        outbox.change(part, 0, {"voice.attack": 1.0})
        revisions += [message["rev"] for message in taken(outbox)]
    assert revisions == [1, 2, 3, 4, 5]
