"""The levels of the program's log. Modules take `logging.getLogger(__name__)`, as usual.

Nothing is written before somebody opens a log (`cli/logs.py` does): a library stays silent.
"""

import logging

SHOWN = logging.INFO + 5  # what the user is told without having asked, beside warnings

logging.addLevelName(SHOWN, "SHOWN")
logging.getLogger("gansynth_live").addHandler(logging.NullHandler())
