"""`gansynth-live doctor`: what works on this machine, what is missing, and the cure."""

import logging

import typer

BROKEN = 1

log = logging.getLogger(__name__)


def doctor() -> None:
    """Say what works here, and the cure for what does not.

    The exit code is 1 if something is broken that everything needs, 0 if only devices are missing.
    """
    from gansynth_live.cli.checks import CHECKS
    from gansynth_live.errors import GansynthError

    width = max(len(check.name) for check in CHECKS)
    broken = False
    for check in CHECKS:
        try:
            state, found = "ok", check.look()
        except GansynthError as error:
            state, found = "BROKEN" if check.needed else "missing", str(error)
            broken |= check.needed
        except ImportError as error:
            state, found = "BROKEN", f"{error}; install gansynth-live again"
            broken = True
        except Exception as error:  # a check that fails must not hide what the others find
            log.exception("the check of %s has failed", check.name)
            state, found = "BROKEN", f"the check has failed: {error!r}"
            broken = True
        typer.echo(f"{state:8}{check.name:{width}}  {found}")
    if broken:
        raise typer.Exit(BROKEN)
