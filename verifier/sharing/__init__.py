"""Outcomes that all replicas share, so that what one of them worked out is not worked out again."""
