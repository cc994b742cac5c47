"""Numerical evidence with proven error bounds."""
