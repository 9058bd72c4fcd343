"""Processes are killed, starved and damaged while a working day goes on."""
