"""How much, and how many? Pure."""
