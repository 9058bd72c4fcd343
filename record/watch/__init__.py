"""How does it go, and whom to wake?"""
