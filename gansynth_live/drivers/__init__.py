"""The only rooms that touch the world: audio devices, JACK, MIDI ports."""
