"""How sheet pollers fail, row by row: each test plays one edit of a person against the running system."""
