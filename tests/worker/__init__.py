"""Tests of worker/, and of what reaches the sheet."""
