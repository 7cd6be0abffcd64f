"""What can be typed while `play` plays: a letter or a word, then Enter. Enter alone is panic."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from gansynth_live.errors import GansynthError
from gansynth_live.log import SHOWN

if TYPE_CHECKING:
    from gansynth_live.session import Session

HELP = (
    "Enter: panic; k: keep the take; load NAME, save NAME; u: undo, r: redo, c: compare;"
    " learn PARAMETER, then turn a knob (learn: no longer); forget PARAMETER"
)

log = logging.getLogger(__name__)


class TypedCommands:
    """Obeys lines, and says in one line what came of each."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        editor = session.editor
        self._letters: dict[str, Callable[[], None]] = {
            "": self.panic,
            "k": self._keep,
            "u": lambda: self._say("undone" if editor.undo() else "nothing to undo"),
            "r": lambda: self._say("done again" if editor.redo() else "nothing to do again"),
            "learn": lambda: self._say(
                "no longer" if session.learner.end() else "nothing is being learnt"
            ),
            "c": lambda: self._say("as loaded" if editor.compare() else "as edited"),
        }

    def obey(self, line: str) -> None:
        """Do what a line says; a mistake is said."""
        word, _, name = line.strip().partition(" ")
        try:
            if word in self._letters and not name:
                self._letters[word]()
            elif word == "load" and name:
                self._load(name.strip())
            elif word == "save" and name:
                self._save(name.strip())
            elif word == "learn":
                self._session.learner.begin(name.strip())
                self._say(f"turn the knob for {name.strip()} to and fro")
            elif word == "forget" and name:
                self._session.learner.forget(name.strip())
            else:
                self._say(HELP)
        except GansynthError as error:
            self._say(str(error))

    def panic(self) -> None:
        """Silence."""
        self._session.synth.panic()
        self._say("panic: silence")

    def _keep(self) -> None:
        from gansynth_live.takes.keeping import keep

        keep(self._session.takes, self._say)

    def _load(self, name: str) -> None:
        from gansynth_live.presets.named import named_preset

        preset = named_preset(name)
        self._session.editor.load(preset)
        self._say(f"loaded: {preset.name}")

    def _save(self, name: str) -> None:
        path = self._session.presets.save(self._session.editor.preset(name))
        self._say(f"saved: {path}")

    @staticmethod
    def _say(line: str) -> None:
        log.log(SHOWN, line)
