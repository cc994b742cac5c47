"""Units of measure: their words, their dimensions, their conversion."""
