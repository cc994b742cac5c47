"""Tasks that another deployment of this service answers, over the same contract.

A front replica scores some tasks itself and hands the others on, so that each kind of work scales
on hardware of its own. Nothing is decided here, and whatever fails on the way is UNSCORED.
"""
