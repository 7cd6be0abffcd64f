"""Air: what a note has above the 8 kHz of the model's frames, told from what lies below."""
