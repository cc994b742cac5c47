"""Mathematical equivalence: normalise, tokenise, parse to a typed tree, compare exactly."""
