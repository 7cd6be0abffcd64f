"""What MIDI means: bytes to messages, Standard MIDI Files to timed events, events to notes."""

from gansynth_live.midi.messages import Event, of_channels
from gansynth_live.midi.notes import Note, pair_notes
from gansynth_live.midi.timeline import Song, read_song
from gansynth_live.midi.tokenizer import Tokenizer

__all__ = ["Event", "Note", "Song", "Tokenizer", "of_channels", "pair_notes", "read_song"]
