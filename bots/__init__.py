"""The two Telegram bots: one for clients, one for masters."""
