"""Who may talk to the panel: our page by our link, and not too much."""

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.panel.guard import Allowance, Guard


def test_it_knows_its_own_page_and_no_other() -> None:
    guard = Guard("127.0.0.1", 8000)
    assert guard.knows_host("127.0.0.1:8000")
    assert guard.knows_host("localhost:8000")
    for stranger in (None, "", "127.0.0.1", "127.0.0.1:8001", "evil.example:8000", "8000"):
        assert not guard.knows_host(stranger)
    assert guard.knows_origin("http://127.0.0.1:8000")
    for stranger in (None, "null", "https://127.0.0.1:8000", "http://evil.example", "http://"):
        assert not guard.knows_origin(stranger)


def test_a_panel_for_the_network_has_one_name() -> None:
    guard = Guard("192.168.1.7", 8000)
    assert guard.knows_host("192.168.1.7:8000")
    assert not guard.knows_host("localhost:8000")


def test_the_link_holds_a_token_that_is_new_each_time() -> None:
    one, other = Guard("127.0.0.1", 1), Guard("127.0.0.1", 1)
    assert one.link == f"http://127.0.0.1:1/#token={one.token}"
    assert one.knows_token(one.token)
    assert not one.knows_token(other.token)
    assert not one.knows_token("")
    assert not one.knows_token(f"{one.token} ")


@given(st.lists(st.floats(0.0, 2.0), max_size=60))
def test_no_more_is_allowed_than_the_rate_and_what_was_stored(pauses: list[float]) -> None:
    now = 0.0
    allowance = Allowance(5.0, 10.0, lambda: now)
    taken = 0
    for pause in pauses:
        now += pause
        taken += allowance.take()
    assert taken <= 10.0 + 5.0 * now + 1e-6
    if len(pauses) <= 10:
        assert taken == len(pauses)
