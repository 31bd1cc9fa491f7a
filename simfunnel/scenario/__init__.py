"""The typed scenario: units, bounds, loading, and every error at once."""
