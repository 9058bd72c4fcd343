"""The bot that masters talk to."""
