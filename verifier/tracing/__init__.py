"""Spans of calls, sent to a collector by OpenTelemetry. Takes the extra ``tracing``.

Nothing here is imported while ``tracing.endpoint`` is empty. A span never holds what a caller
wrote: no completion, no prompt, no id; but which verifier, which verdict, how many items, how long.
"""
