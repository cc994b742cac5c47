"""From text to tokens: characters, number literals, the lexer."""
