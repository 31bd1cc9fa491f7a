"""What one asks of a simulation: run it and sum it up, or live one history again."""
