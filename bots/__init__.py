"""The two bots, one for clients and one for masters, in every channel."""
