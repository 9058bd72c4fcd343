"""The file of an SQLite store: whether it is whole, and what can be saved of one that
is not.
"""
