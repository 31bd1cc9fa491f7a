"""Reports: one file each that needs nothing else, and in which no text of a scenario can become markup."""
