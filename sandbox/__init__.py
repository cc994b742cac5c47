"""Untrusted programs under limits, a library. Nothing works yet: see CHANGELOG."""
