"""What performs a piece: its plan, its parts, its blocks, and the files that they go into."""
