"""Measurements, one JSON object a line. A goal that is missed is printed, not raised:
machines are noisy.
"""
