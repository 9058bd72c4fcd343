"""Where does it stand? Worksheets, rows and columns, and what is to be written where.
Pure.
"""
