"""The light generator: a harmonic comb, a sub-octave comb and noise under learnt envelopes."""
