"""Proof of the kernel: against a plain reference, at its limits, and between threads."""
