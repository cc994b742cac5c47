"""What runs inside a jail, beside code that nobody trusts.

Pure standard library: the same files are loaded inside the jail and, where both ends must agree,
outside. Whatever comes out of a jail is bytes that a hostile program may have written.
"""
