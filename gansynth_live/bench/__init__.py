"""Figures of this machine: what `gansynth-live bench` measures, beside its peers where they exist."""
