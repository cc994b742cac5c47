"""One file is one shape of tests: how the program is run on them, and what is said of each."""
