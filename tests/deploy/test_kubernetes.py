"""The manifests: rendered by kustomize, valid for Kubernetes, and in agreement with the program.

Nothing here was ever applied to a cluster. What the checks are worth is in test_manifest_checks.py.
"""

import json
import re
import shutil
import subprocess
from functools import cache

import kubernetes_validate
import manifest_checks as checks
import pytest
import yaml
from manifest_table import CHECKS
from manifests import (
    COMPONENTS,
    OVERLAYS,
    ROOT,
    base,
    container,
    find,
    name_of,
    of_kind,
    ours,
    overlay,
    pod,
)

HPA = "HorizontalPodAutoscaler"
PAGE = ROOT.parents[1] / "docs" / "kubernetes.md"
# The oldest where pods have users of their own without a gate, one between, the newest known.
VERSIONS = ("1.33", "1.35", "1.37")
# Their schemas belong to others and are not here: looked at by the checks above, not validated.
UNCHECKED = {"ServiceMonitor", "ScaledObject"}
TOGETHER = ("redis", "keda", "monitoring", "secured", "model-volume", "sandbox-cgroups")

RENDERED = {
    "base": base,
    **{f"overlay {name}": lambda name=name: overlay(name) for name in OVERLAYS},
    **{f"base with {name}": lambda name=name: base(name) for name in COMPONENTS},
    "base with many": lambda: base(*TOGETHER),
}
EACH = pytest.mark.parametrize("render", RENDERED.values(), ids=RENDERED)


@EACH
def test_nothing_is_wrong_with(render):
    objects = render()
    assert [complaint for check in CHECKS for complaint in check(objects)] == []


@EACH
def test_the_schemas_of_kubernetes_take_every_object(render):
    for one in render():
        if one["kind"] in UNCHECKED:
            continue
        for version in VERSIONS:
            assert valid(json.dumps(one, sort_keys=True), version) == "", name_of(one)


@cache
def valid(text, version):
    """What is wrong with an object; empty for nothing. Most are in many overlays."""
    try:
        kubernetes_validate.validate(json.loads(text), version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(map(str, error.path))}: {error.message}"
    return ""


def test_the_schemas_refuse_what_is_none():
    deployment = find(base(), "Deployment", "front")
    container(deployment)["portz"] = []
    assert "portz" in valid(json.dumps(deployment), VERSIONS[-1])
    deployment = find(base(), "Deployment", "front")
    container(deployment)["ports"][0]["containerPort"] = "many"
    assert "many" in valid(json.dumps(deployment), VERSIONS[-1])
    for kind in UNCHECKED:
        with pytest.raises(kubernetes_validate.SchemaNotFoundError):
            valid(json.dumps({"apiVersion": "v1", "kind": kind}), VERSIONS[-1])


# ------------------------------------------------------------------- what only some of them have


def test_only_what_says_why_is_privileged():
    privileged = {
        name
        for name, render in RENDERED.items()
        for one in ours(render())
        if container(one)["securityContext"].get("privileged")
    }
    assert privileged == {
        *("overlay dev", "base with sandbox-privileged", "base with sandbox-kata")
    }


def test_the_gpu_overlay_asks_for_gpus_and_uses_them():
    objects = overlay("gpu")
    models = find(objects, "Deployment", "models")
    assert container(models)["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert "verifier-models-gpu:" in container(models)["image"]
    config = checks.effective(objects, models)
    assert {model.device for model in config.prm.models.values()} == {"cuda"}
    # No spare GPU is needed for a change of version.
    assert models["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}


def test_the_hardened_overlay_is_closed():
    objects = overlay("hardened")
    for one in ours(objects):
        config = checks.effective(objects, one)
        assert config.access.tokens
        assert config.tls.certificate
        assert not config.server.reflection
        assert all(forward.token_env for forward in config.forward.values())
        assert all(forward.authorities for forward in config.forward.values())
    sandbox = find(objects, "Deployment", "sandbox")
    profile = pod(sandbox)["securityContext"]["seccompProfile"]
    assert profile["type"] == "Localhost"
    assert (ROOT / "seccomp" / profile["localhostProfile"]).is_file()
    assert pod(sandbox)["hostUsers"] is False
    assert {one["handler"] for one in of_kind(objects, "RuntimeClass")} == {"verifier-cgroups"}


def test_the_dev_overlay_is_small():
    objects = overlay("dev")
    assert not of_kind(objects, HPA, "PodDisruptionBudget", "ScaledObject")
    assert {one["spec"]["replicas"] for one in ours(objects)} == {1}


def test_keda_takes_the_place_of_the_autoscalers():
    objects = base("keda")
    assert not of_kind(objects, HPA)
    assert {one["metadata"]["name"] for one in of_kind(objects, "ScaledObject")} == {
        one["metadata"]["name"] for one in of_kind(base(), HPA)
    }


def test_the_rules_of_monitoring_come_out_as_a_prometheus_rule():
    rules = ROOT.parent / "monitoring" / "rules" / "verifier.yml"
    done = subprocess.run([ROOT / "prometheus-rule"], capture_output=True, text=True, check=True)
    made = yaml.safe_load(done.stdout)
    assert made["kind"] == "PrometheusRule"
    assert made["spec"] == yaml.safe_load(rules.read_text())


def test_the_page_tells_of_every_overlay_and_component():
    page = PAGE.read_text()
    assert [name for name in OVERLAYS if f"overlays/{name}`" not in page] == []
    assert [name for name in COMPONENTS if f"`{name}`" not in page] == []
    for one in ours(base()):
        name = one["metadata"]["name"]
        lines = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
        given = container(one)["resources"]
        shown = [given["requests"]["cpu"], given["requests"]["memory"], given["limits"]["memory"]]
        cpu, memory, limit = (re.sub(r"(\d)([MG]i)", r"\1 \2B", str(text)) for text in shown)
        assert f"| {cpu} CPU, {memory} (limit {limit}) |" in "".join(lines), name


def test_the_page_adds_up_the_time_that_a_pod_gets():
    front = find(base(), "Deployment", "front")
    server = checks.effective(base(), front).server
    before = container(front)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert (
        f"{pod(front)['terminationGracePeriodSeconds']} s  >  {before} s preStop + "
        f"{server.lame_duck_seconds:g} s server.lame_duck_seconds + "
        f"{server.drain_seconds:g} s server.drain_seconds"
    ) in PAGE.read_text()


def test_kustomize_is_there_where_it_should_be():
    """A skip of all the rest would look like success."""
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl here: `make toolchains` installs it")
    assert len(base()) > 20
