"""The kernel: compiled voices, envelopes, rings and limiter. It sums voices into a block."""
