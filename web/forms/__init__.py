"""What people fill in: a browser's answer in, an order or an explanation out."""
