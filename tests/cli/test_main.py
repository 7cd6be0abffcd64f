"""The program's manners: light to start, one line for a mistake, quiet when interrupted."""

import re
import subprocess
import sys

import pytest

from gansynth_live.cli.app import COMMANDS
from tests.cli.conftest import Run, start

HEAVY = (
    "numpy",
    "numba",
    "onnxruntime",
    "scipy",
    "matplotlib",
    "rich",
    "supriya_midi",
    "sounddevice",
)


def test_help_names_the_commands(run: Run) -> None:
    outcome = run("--help")
    assert outcome.code == 0
    for command in COMMANDS:
        assert f"  {command} " in outcome.out


def test_every_command_has_help(run: Run) -> None:
    for command in COMMANDS:
        outcome = run(command, "--help")
        assert outcome.code == 0
        assert f"gansynth-live {command} " in outcome.out


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom gansynth_live.cli import main\nsys.argv = ['gansynth-live', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "HEAVY []" in ended.stdout


def test_version(run: Run) -> None:
    assert run("--version").out.startswith("gansynth-live 0.")


@pytest.mark.parametrize("arguments", [[], ["model"], ["train"]])
def test_without_a_command_it_helps(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert outcome.code == 0
    assert "Usage" in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["rendre"],
        ["model", "chek"],
        ["render"],
        ["note", "--pitsch", "3"],
        ["note", "--pitch", "200"],
    ],
)
def test_a_wrong_option_is_explained(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert re.fullmatch(r"gansynth-live: error: .* \(see gansynth-live.* --help\)\n", outcome.err)


def test_a_mistyped_command_gets_a_hint(run: Run) -> None:
    assert "render" in run("rendr").err


def test_a_mistake_is_one_line(run: Run) -> None:
    outcome = run("render", "absent.mid", "out.wav")
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err == (
        "gansynth-live: error: cannot read absent.mid: No such file or directory\n"
    )


def test_a_line_break_in_a_name_makes_no_second_line(run: Run) -> None:
    outcome = run("note", "-o", "a.wav", "--instrument", "cel\nlo")
    (line,) = (line for line in outcome.err.splitlines() if not line.startswith("first start"))
    assert (outcome.code, r"'cel\nlo'" in line) == (2, True)


def test_a_long_story_is_cut_short(run: Run) -> None:
    outcome = run("note", "-o", "a.wav", "--seed", 1, "--model", "x " * 3000)
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert len(outcome.err) < 1100


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = start("instruments", "--random", "1000")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait()
