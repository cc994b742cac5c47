"""Killable worker processes: for work that cannot be trusted to end.

A time limit on CPU work is only real if the process doing the work can be killed: signals reach the
main thread alone and cannot interrupt C code, and threads cannot be ended at all.
"""
