"""Prometheus metrics: one file for each part of the service that is watched."""

from verifier.metrics.scoring import Metrics

__all__ = ["Metrics"]
