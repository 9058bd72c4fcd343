"""How things look on the pages. Pure."""
