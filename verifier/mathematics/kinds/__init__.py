"""Comparing trees: one file per kind of answer."""
