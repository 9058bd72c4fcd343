"""Tests of Naryad."""
