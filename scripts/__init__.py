"""Tools for those who work on Naryad itself."""
