"""Items as they go over the wire, for tests that speak to the service without the client."""

from verifier.client.channel import CHANNEL_OPTIONS
from verifier.v1 import item_pb2, math_pb2, plugin_pb2

NO_RETRIES = (("grpc.enable_retries", 0), *CHANNEL_OPTIONS[2:])


def math_item(name="", completion="\\boxed{4}", reference="4"):
    return item_pb2.ScoreItem(
        id=name, completion=completion, math=math_pb2.MathTask(reference_answers=[reference])
    )


def plugin_item(name, plugin, **options):
    task = plugin_pb2.PluginTask(name=plugin)
    task.options.update(options)
    return item_pb2.ScoreItem(id=name, plugin=task)
