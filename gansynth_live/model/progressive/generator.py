"""Progressive notes: low blocks once for a note, high blocks for each slice of frames."""
