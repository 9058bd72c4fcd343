"""The bot that clients talk to."""
