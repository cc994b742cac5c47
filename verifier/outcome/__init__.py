"""Outcome verifiers: one file is one verifier. They never import each other."""
