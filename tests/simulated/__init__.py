"""Trainers and replicas that exist in simulated time only."""
