"""Living partials: the beating that a network averages away, given back to its frames."""
