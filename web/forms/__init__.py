"""What people fill in: a browser's answer in, an order, an edit or a friendly
explanation out.
"""
