"""Copies of the spreadsheet: made daily, looked after, and put back."""
