"""Train the instrument's models: notes, networks, losses, the loop, evaluation, export."""
