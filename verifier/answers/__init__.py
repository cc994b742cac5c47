"""Finding the answer in a completion."""
