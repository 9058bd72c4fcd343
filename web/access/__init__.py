"""Who may see what: sessions, passwords, keys of orders, limits."""
