"""Facts are counted as they come, so that memory grows with histories and never with what happens in them."""
