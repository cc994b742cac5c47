"""Exact arithmetic and algebra: rational numbers, ratios of polynomials."""
