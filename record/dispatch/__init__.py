"""What does a row mean, what follows from it, and who is told? Pure."""
