"""How many replicas a load needs: measured costs, queueing formulas, and a plan made of both.

Pure arithmetic for operators. Nothing in here runs in the service or asks one.
"""
