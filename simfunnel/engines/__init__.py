"""Two engines, one nature: they decide who does what when, and nothing else."""
