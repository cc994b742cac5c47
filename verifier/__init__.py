"""Scores model completions: right, wrong or could-not-tell, with a reward and the reason.

Kept weightless on purpose: importing `verifier` loads nothing but this file.
"""

__version__ = "0.7.0"
