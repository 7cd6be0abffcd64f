"""Figures of this machine: what `gansynth-live bench` measures, beside peers where they exist."""
