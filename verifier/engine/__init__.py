"""The one path of a request: admit → deadline → verify → attribute.

No wire format, no transport and no metrics library in here. The same engine stands behind the
service and inside the command line, so a row scored in process and the same row scored over the
wire meet the same code.
"""

from verifier.engine.engine import Engine, EngineLimits

__all__ = ["Engine", "EngineLimits"]
