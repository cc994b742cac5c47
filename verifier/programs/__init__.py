"""What judging a program takes outside the sandbox: finding it, and comparing what it does."""
