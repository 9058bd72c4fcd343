"""The scheduled worker: polls the sheet and reacts."""
