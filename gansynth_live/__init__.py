"""gansynth_live: GANSynth as a real-time, MIDI-driven instrument."""

__version__ = "0.1.0"
