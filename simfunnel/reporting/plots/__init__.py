"""Pictures: the only importers of matplotlib; they draw what they are given, and compute nothing."""
