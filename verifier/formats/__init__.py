"""Format rules: one file is one rule or one family of rules."""
