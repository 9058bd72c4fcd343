"""What a row means, and where it lives: the model, the decisions, the sheet and the
local store.
"""
