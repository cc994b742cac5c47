"""Exit codes, as the contract has them."""

ALL_SCORED = 0
SOME_UNSCORED = 1
USAGE = 2
UNREACHABLE = 3
INTERRUPTED = 130
