"""The outbox, message by message, to those whom it concerns."""
