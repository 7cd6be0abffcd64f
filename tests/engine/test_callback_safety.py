"""The compiled callback allocates nothing, calls nothing of Python's and raises nothing."""

import importlib
import re
from typing import Any

import numpy as np
import pytest
from numba import float32
from numba.core.errors import NumbaError

from gansynth_live.engine.process import process
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.compile import CompiledCallback, compiled_entry
from gansynth_live.kernel.memory import MEMORY
from tests.kernel.small import play, small_machine

# What the callback may call outside itself: arithmetic, and LLVM's own instructions.
ARITHMETIC = re.compile(
    r"llvm\..*|(exp|exp2|log|pow|sin|cos|ceil|floor|fmod|ldexp|fmin|fmax|trunc|rint)f?"
    r"|mem(cpy|set|move)|_?_?(numba|svml)_(fmod|ldexp|sin|cos|exp|log|pow).*"
)
# And what JACK lets a process callback call.
JACK_CALLS = {
    "jack_port_get_buffer",
    "jack_midi_get_event_count",
    "jack_midi_event_get",
    "jack_last_frame_time",
}
FREEWHEEL = {"jack_get_time", "usleep", "Sleep"}  # for waiting, where time waits too
FORBIDDEN = ("NRT_", "Py", "malloc", "free", "calloc", "realloc", "pthread", "print", "puts")


def code_of(library: Any) -> str:
    """Everything that a function is made of, optimised, in LLVM's intermediate language.

    Without the doors of numba: through one Python calls it in tests, through the other C does, and
    that one only calls on Python to report an exception. `NRT_decref` is there, but is not called.
    """
    doors = ("_ZN7cpython", "cfunc.", "NRT_decref")
    parts = library._get_module_for_linking().functions
    return "\n".join(
        str(part) for part in parts if not part.is_declaration and not part.name.startswith(doors)
    )


def library_of(function: Any) -> Any:
    """What numba made of a function, which it was to compile for one set of types only."""
    (compiled,) = function.overloads.values()
    return compiled.library


def compiled(callback: CompiledCallback) -> Any:
    """What numba made of a callback."""
    assert callback.address
    return callback._library


@pytest.fixture(scope="module", params=["process", "PortAudio", "JACK"])
def code(request: pytest.FixtureRequest) -> str:
    """`process` as tests and files use it, and as it is linked into each driver's callback."""
    if request.param == "PortAudio":
        callback: Any = importlib.import_module("gansynth_live.drivers.portaudio_callback")
        return code_of(compiled(callback.portaudio_process))
    if request.param == "JACK":
        try:
            callback = importlib.import_module("gansynth_live.drivers.jack_callback")
        except DeviceError as error:
            pytest.skip(str(error))
        return code_of(compiled(callback.jack_process))
    play(small_machine(), 1)
    return code_of(library_of(process))


def called(code: str) -> set[str]:
    """Functions that are called and are not compiled here."""
    names = set(re.findall(r"(?:call|invoke)[^@\n]*@\"?([\w.$]+)", code))
    return {name for name in names if "gansynth_live" not in name}


def may_raise(code: str) -> bool:
    """Whether an exception is prepared: numba keeps one pickled for each `raise` it compiles."""
    return "picklebuf" in code


def test_only_arithmetic_is_called(code: str) -> None:
    strange = {name for name in called(code) if not ARITHMETIC.fullmatch(name)}
    assert strange <= JACK_CALLS | FREEWHEEL
    assert "process" in code
    assert len(called(code)) > 5


def test_nothing_allocates_or_enters_python(code: str) -> None:
    names = set(re.findall(r"@\"?([\w.$]+)", code))
    assert {name for name in names if name.startswith(FORBIDDEN)} == set()


def test_nothing_raises(code: str) -> None:
    assert not may_raise(code)


def test_the_rings_are_ordered(code: str) -> None:
    assert re.search(r"load atomic i64.* acquire", code)
    assert re.search(r"store atomic i64.* release", code)


def test_no_pointer_is_called(code: str) -> None:
    """Every call names its function: nothing is looked up at run time."""
    assert re.findall(r"call [^@\n]*\b(?:void|i32|i64|double) %", code) == []


@compiled_entry()
def unsafe(number: int) -> int:
    if number < 0:
        raise ValueError
    return number


def test_the_test_sees_an_exception() -> None:
    unsafe(1)
    assert may_raise(code_of(library_of(unsafe)))


@compiled_entry()
def greedy(number: int) -> int:
    return len(np.zeros(number))


def test_what_allocates_does_not_compile() -> None:
    with pytest.raises(NumbaError):
        greedy(1)


class FormAskedForError(Exception):
    """Compilation has come to a call of `process`."""


@pytest.mark.parametrize("driver", ["portaudio", "jack"])
def test_drivers_call_the_one_form_of_process(driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        module = importlib.import_module(f"gansynth_live.drivers.{driver}_callback")
    except DeviceError as error:
        pytest.skip(str(error))
    callback: CompiledCallback = getattr(module, f"{driver}_process")
    asked: list[Any] = []

    def stop_here(arguments: Any, _keywords: Any) -> None:
        asked.append(arguments)
        raise FormAskedForError

    monkeypatch.setattr(process, "get_call_template", stop_here)
    signature = (callback._sig.args, callback._sig.return_type)
    afresh = CompiledCallback(callback._pyfunc, signature, {}, {"error_model": "numpy"})
    with pytest.raises(FormAskedForError):
        afresh.compile()
    memory, left, right, _frames = asked[0]
    assert memory == MEMORY
    assert left == right == float32[::1]
