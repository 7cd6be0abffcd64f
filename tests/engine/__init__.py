"""Proof of the engine: keys, pedals, controllers and voices, as a player uses and abuses them."""
