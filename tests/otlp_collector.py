"""A collector of traces for the tests: takes what OTLP over gRPC sends, and keeps it."""

from concurrent.futures import ThreadPoolExecutor

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from program import wait_until


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Listens on a free port until the block ends.

    Attributes:
        endpoint: as the configuration wants it.
        messages: all that was sent, as bytes.
        resources: the attributes of whoever sent it.
        spans: in the order in which they came.
    """

    def __init__(self):
        self.messages = []
        self.resources = []
        self.spans = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self._server)
        self.endpoint = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(None).wait()

    def Export(self, request, context):  # noqa: N802 - gRPC's name
        self.messages.append(request.SerializeToString())
        for resource in request.resource_spans:
            self.resources.append(_plain(resource.resource.attributes))
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()

    def wait_for(self, name, count=1):
        """The spans of a name, once there are so many."""
        wait_until(lambda: len(self.named(name)) >= count)
        return self.named(name)

    def named(self, name):
        return [span for span in self.spans if span.name == name]

    def below(self, parent):
        """The spans whose parent is the one given."""
        return [span for span in self.spans if span.parent_span_id == parent.span_id]


def attributes(span):
    """A span's attributes as plain values."""
    return _plain(span.attributes)


def _plain(pairs):
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in pairs}
