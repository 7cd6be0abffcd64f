"""The command that was asked for, and how it ended: an exit code, and one line if it went wrong."""

import logging

from typer import TyperException

from gansynth_live.cli.app import app
from gansynth_live.cli.logs import PROGRAM, log_file
from gansynth_live.errors import GansynthError

FAULT, USER_ERROR = 1, 2

log = logging.getLogger(__name__)


def run() -> int:
    """Run the command that the arguments name.

    Returns:
        0, 2 for what a user can mend, 1 for a fault of the program, or what the command chose.
    """
    try:
        return int(app(prog_name=PROGRAM, standalone_mode=False) or 0)
    except TyperException as error:
        reason = _wrong_option(error)
    except GansynthError as error:
        reason = str(error)
    except OSError as error:
        log.info("refused by the system", exc_info=error)
        reason = f"{error.filename or 'the system'}: {error.strerror or error}"
    except MemoryError as error:
        log.info("out of memory", exc_info=error)
        reason = "out of memory; close other programs, or lower [cache] megabytes"
    except Exception as error:
        log.exception("a fault of the program, described in %s: %r", log_file(), error)  # noqa: TRY401
        return FAULT
    log.error(reason)
    return USER_ERROR


def _wrong_option(error: Exception) -> str:
    """What Typer says in four lines."""
    reason = str(getattr(error, "format_message", error.__str__)())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    return f"{reason.rstrip('.')} (see {command} --help)"
