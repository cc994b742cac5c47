"""Judging completions with a generative model: prompts, backends, votes, and what can be read."""
