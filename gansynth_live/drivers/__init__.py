"""The only room that touches devices: audio outputs, JACK, MIDI ports."""
