"""From tokens to the typed tree: expressions, quantities, statements, whole answers."""
