"""SymPy as the last resort, in worker processes that can be killed.

Everything but `wire` imports SymPy and is loaded in those processes alone.
"""
