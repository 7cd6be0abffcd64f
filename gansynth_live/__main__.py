"""`python -m gansynth_live` is `gansynth-live`."""

from gansynth_live.cli import main

main()
