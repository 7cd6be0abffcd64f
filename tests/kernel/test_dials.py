"""The map of controllers is written anew under a callback that reads it."""

import numpy as np
import pytest

from gansynth_live.errors import ConfigError
from gansynth_live.kernel.layout import DIALS
from gansynth_live.kernel.machine import Machine
from gansynth_live.parameters.controllers import Binding, ControlMap, default_bindings
from tests.kernel.small import RATE, small_machine, turn


def plate_of(machine: Machine) -> float:
    """Where the part's send to the plate stands, after a block."""
    from gansynth_live.engine.process import process_block

    process_block(machine, 64)
    return float(machine.memory.parts[0]["plate"])


def test_a_bound_controller_moves_from_then_on_and_a_freed_one_no_more() -> None:
    machine, bindings = small_machine(1, RATE), default_bindings()
    turn(machine, 40, 127)
    assert plate_of(machine) == 0.0
    machine.bind(ControlMap({**bindings, "effects.plate": (Binding(40, channel=1),)}))
    turn(machine, 40, 127)
    assert plate_of(machine) == 1.0
    machine.bind(ControlMap(bindings))
    turn(machine, 40, 0)
    assert plate_of(machine) == 1.0


def test_what_the_callback_may_be_reading_does_not_change() -> None:
    machine, bindings = small_machine(1, RATE), default_bindings()
    controls = machine.memory.controls[0]
    used = int(controls["routes"].max()) + 1
    before = controls["dials"][:used].copy(), controls["curves"][: used * 128].copy()
    for channel in range(17):
        machine.bind(ControlMap({**bindings, "effects.plate": (Binding(40, channel=channel),)}))
    assert np.array_equal(controls["dials"][:used], before[0])
    assert np.array_equal(controls["curves"][: used * 128], before[1])


def test_the_same_map_again_takes_no_room() -> None:
    machine = small_machine(1, RATE)
    for _ in range(2 * DIALS):
        machine.bind(ControlMap(default_bindings()))


def test_where_there_is_no_room_nothing_changes() -> None:
    machine, bindings = small_machine(1, RATE), default_bindings()
    routes = machine.memory.controls[0]["routes"].copy()
    many = tuple(
        Binding(40, channel=channel, high=high)
        for channel in range(1, 17)
        for high in np.linspace(0.1, 0.9, 1 + DIALS // 16).tolist()
    )
    with pytest.raises(ConfigError, match="name fewer"):
        machine.bind(ControlMap({**bindings, "effects.plate": many}))
    assert np.array_equal(machine.memory.controls[0]["routes"], routes)
