"""Envoy's file, which cannot be run here: its form, and what it says of the program."""

import inspect
import json
import re

import pytest
import yaml
from balancers import FILES

from verifier.client import channel
from verifier.client.batches import BATCH_BYTES
from verifier.server import http

MIB = 1024**2


@pytest.fixture
def envoy():
    return yaml.safe_load((FILES / "envoy.yaml").read_text())


@pytest.fixture
def cluster(envoy):
    (one,) = envoy["static_resources"]["clusters"]
    return one


@pytest.fixture
def host(envoy):
    (listener,) = envoy["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    (one,) = manager["route_config"]["virtual_hosts"]
    return one


def seconds(text):
    return float(text.removesuffix("s"))


def test_the_replicas_are_those_of_the_other_files(cluster):
    found = [one["endpoint"] for one in cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]]
    addresses = [one["address"]["socket_address"] for one in found]
    others = re.findall(r"192\.0\.2\.\d+", (FILES / "haproxy.cfg").read_text())
    assert {one["address"] for one in addresses} == set(others)
    assert {one["port_value"] for one in addresses} == {50051}
    assert {one["health_check_config"]["port_value"] for one in found} == {9464}


def test_health_is_asked_of_the_side_port_often_enough(cluster):
    (check,) = cluster["health_checks"]
    assert f'"{check["http_health_check"]["path"]}"' in inspect.getsource(http)
    noticed = seconds(check["interval"]) * (check["unhealthy_threshold"] + 1)
    assert noticed < 1.0  # the shortest lame duck, by default


def test_a_watch_of_health_is_answered_before_all_else(host):
    first, second = host["routes"]
    assert first["match"] == {"path": "/grpc.health.v1.Health/Watch"}
    assert first["direct_response"] == {"status": 404}
    assert second["match"] == {"prefix": "/"}


def test_what_is_sent_again_is_what_our_client_sends_again(host):
    policy = host["routes"][1]["route"]["retry_policy"]
    codes = set(policy["retry_on"].upper().split(",")) - {"CONNECT-FAILURE", "REFUSED-STREAM"}
    (method,) = json.loads(dict(channel.CHANNEL_OPTIONS)["grpc.service_config"])["methodConfig"]
    assert codes - {"RESET"} <= set(method["retryPolicy"]["retryableStatusCodes"])
    assert host["per_request_buffer_limit_bytes"] > BATCH_BYTES


def test_nothing_ends_a_call_but_its_own_deadline(host):
    assert host["routes"][1]["route"]["timeout"] == "0s"
