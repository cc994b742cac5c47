"""Comparison of text answers: by form, by option letter, by overlap, by occurrence."""
