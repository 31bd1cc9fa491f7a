"""The laws of the funnel: pure functions over arrays, each written once, read by both engines."""
