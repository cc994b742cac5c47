"""Models that judge: servers, models of this process, and the one that comes with the service."""
