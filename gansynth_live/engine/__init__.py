"""The engine: what the hands do. Compiled, and called by the driver's callback for every block."""
