"""What must hold of the manifests, each as a function that yields complaints.

All of them compare the manifests with the program itself or with each other; what Kubernetes' own
schemas say is asked elsewhere.
"""

import argparse
import contextlib
import inspect
import io
import re
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import msgspec
from manifests import (
    ROOT,
    config_path,
    config_text,
    container,
    find,
    is_ours,
    labels,
    name_of,
    namespace,
    of_kind,
    ours,
    pod,
    quantity,
    selects,
)

from verifier import metrics
from verifier.cli import serve
from verifier.config import load_config, split_address
from verifier.errors import ConfigError
from verifier.registry import builtin
from verifier.server import http, lifecycle

PROJECT = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text())["project"]
WHY_PRIVILEGED = "verifier.example/why-privileged"
LONG_ENOUGH = "a value of 16 characters at least"
LONGEST_PAUSE = 600  # seconds between two bursts of a trainer; longer ones may scale down
IN_IMAGE = "/opt/submissions"  # deploy/images/sandbox.Dockerfile puts it there


def environment(deployment):
    """What a pod finds in its environment; a secret is any text."""
    return {
        one["name"]: one.get("value", LONG_ENOUGH) for one in container(deployment).get("env", ())
    }


def effective(objects, deployment):
    """The configuration that a pod runs with; raises ConfigError."""
    return _loaded(config_text(objects, deployment), tuple(environment(deployment).items()))


@cache
def _loaded(text, variables):
    """Mounted secrets, and what is in the image, are not here: ours stand for them."""
    with tempfile.TemporaryDirectory() as folder:
        mounted, file = Path(folder) / "mounted", Path(folder) / "service.toml"
        mounted.write_text("")
        file.write_text(text.replace(f'"{IN_IMAGE}"', f'"{folder}"'))
        environ = {
            name: str(mounted) if value.startswith("/etc/") else value for name, value in variables
        }
        return load_config(str(file), (), environ)


def each(objects):
    """Every deployment of ours with its configuration; those that have none are others' to find."""
    for deployment in ours(objects):
        with contextlib.suppress(ConfigError, LookupError):
            yield deployment, effective(objects, deployment)


# ----------------------------------------------------------------------- against the program


def arguments(objects):
    """The program takes the arguments."""
    parser = argparse.ArgumentParser(prog="serve")
    serve.configure(parser)
    for one in ours(objects):
        words = container(one)["args"]
        if "command" in container(one):
            yield f"{name_of(one)}: the image's entry point starts the program, not a command"
        if words[0] != "serve":
            yield f"{name_of(one)}: the verb is {words[0]!r}, not serve"
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said):
                parser.parse_args(words[1:])
        except SystemExit:
            yield f"{name_of(one)}: arguments refused: {said.getvalue().splitlines()[-1]}"


def configurations(objects):
    """The file that the argument names is mounted and loads, together with the environment."""
    for one in ours(objects):
        try:
            effective(objects, one)
        except (ConfigError, LookupError, KeyError) as error:
            yield f"{name_of(one)}: {config_path(one)}: {error}"


def variables(objects):
    """Every variable is a key of the configuration, or is named by one."""
    for one, config in each(objects):
        text = str(msgspec.to_builtins(config))
        named = set(re.findall(r"_env': '(\w+)'", text))
        for name in environment(one):
            if not name.startswith("VERIFIER__") and name not in named:
                yield f"{name_of(one)}: nobody reads the variable {name}"
        for name in named - set(environment(one)):
            yield f"{name_of(one)}: the configuration names {name}, which the pod lacks"


def ports(objects):
    """Ports are those that the program listens on."""
    for one, config in each(objects):
        wanted = {
            "grpc": split_address(config.server.listen)[1],
            "metrics": split_address(config.server.metrics_listen)[1],
        }
        got = {port["name"]: port["containerPort"] for port in container(one)["ports"]}
        if got != wanted:
            yield f"{name_of(one)}: ports are {got}, the program listens on {wanted}"
        for address in (config.server.listen, config.server.metrics_listen):
            if split_address(address)[0] in ("127.0.0.1", "localhost", "::1"):
                yield f"{name_of(one)}: {address} cannot be reached from outside the pod"
    for service in of_kind(objects, "Service"):
        for one in of_kind(objects, "Deployment"):
            if namespace(one) != namespace(service):
                continue
            if selects(service["spec"]["selector"], labels(one)):
                yield from _service_ports(service, one)


def _service_ports(service, deployment):
    open_ports = {port["name"]: port["containerPort"] for port in container(deployment)["ports"]}
    for port in service["spec"]["ports"]:
        target = port.get("targetPort", port["port"])
        if open_ports.get(target, target) not in open_ports.values():
            yield f"{name_of(service)}: no container listens on {target}"
        elif open_ports.get(target, target) != port["port"]:
            yield f"{name_of(service)}: {port['port']} is its pods' {target}, by another number"


def probes(objects):
    """Paths and names of services are the program's."""
    paths = set(re.findall(r'"(/[a-z]+)"', inspect.getsource(http)))
    assert {"/readyz", "/healthz", "/metrics"} <= paths
    for one, config in each(objects):
        spec = container(one)
        open_ports = {port["name"] for port in spec["ports"]}
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            at = f"{name_of(one)}: {kind}"
            probe = spec.get(kind)
            if probe is None:
                yield f"{at} is missing"
            elif "httpGet" in probe:
                if probe["httpGet"]["path"] not in paths:
                    yield f"{at}: the side port has no {probe['httpGet']['path']}"
                if probe["httpGet"]["port"] not in open_ports - {"grpc"}:
                    yield f"{at}: {probe['httpGet']['port']} is not the side port"
            else:
                yield from _grpc_probe(at, probe["grpc"], config)
        if (
            "httpGet" in (spec.get("readinessProbe") or {})
            and spec["readinessProbe"]["httpGet"]["path"] != "/readyz"
        ):
            yield f"{name_of(one)}: readiness is /readyz"


def _grpc_probe(at, probe, config):
    if probe["port"] != split_address(config.server.listen)[1]:
        yield f"{at}: {probe['port']} is not the gRPC port"
    if probe.get("service", "") not in lifecycle._HEALTH_NAMES:
        yield f"{at}: health knows no service {probe['service']!r}"
    if config.tls.certificate:
        yield f"{at}: Kubernetes' gRPC probe speaks no TLS"


def ending(objects):
    """A pod gets the time that the program takes to end in order."""
    for one, config in each(objects):
        grace = pod(one)["terminationGracePeriodSeconds"]
        before = container(one)["lifecycle"]["preStop"]["sleep"]["seconds"]
        needed = before + config.server.lame_duck_seconds + config.server.drain_seconds
        if grace <= needed:
            yield f"{name_of(one)}: killed after {grace} s, needs {needed:g} s and more"
        longest = max(part.work_limit_seconds for part in (config.code, config.prm, config.judge))
        if config.server.drain_seconds < longest:
            yield f"{name_of(one)}: drains for less than the {longest:g} s that its work may take"


def sizes(objects):
    """Requests and limits are set, and the configuration keeps within them."""
    for one in of_kind(objects, "Deployment"):
        given = container(one).get("resources", {})
        requests, limits = given.get("requests", {}), given.get("limits", {})
        if not {"cpu", "memory"} <= set(requests) or "memory" not in limits:
            yield f"{name_of(one)}: requests of cpu and memory and a limit of memory must be set"
        elif quantity(limits["memory"]) < quantity(requests["memory"]):
            yield f"{name_of(one)}: the limit of memory is below the request"
    for one, config in each(objects):
        given = container(one).get("resources", {})
        limit = quantity(given.get("limits", {}).get("memory", "0"))
        own = config.admission.memory_bytes
        if own >= limit:
            yield f"{name_of(one)}: admission.memory_bytes is not below the limit of memory"
        if labels(one)["app.kubernetes.io/component"] == "sandbox":
            if own + config.code.slots * config.code.memory_bytes > limit:
                yield f"{name_of(one)}: {config.code.slots} programs and the service do not fit"
            # The overlay for trying things out shares what there is.
            if config.code.slots >= quantity(given["requests"]["cpu"]) > 1:
                yield f"{name_of(one)}: code.slots leaves the service no CPU"


def images(objects):
    """Every image has a version, and ours has the project's."""
    for one in of_kind(objects, "Deployment"):
        image = container(one)["image"]
        tag = re.search(r":([\w.-]+)$", image)
        if "@sha256:" not in image and (tag is None or tag[1] == "latest"):
            yield f"{name_of(one)}: {image} has no version"
        elif is_ours(one) and tag and tag[1] != PROJECT["version"]:
            yield f"{name_of(one)}: {image} is not version {PROJECT['version']}"


def scaling(objects):
    """Autoscalers look at what exists, and leave as many as budgets want."""
    classes = {"inline"}
    for verifier in builtin():
        classes |= {verifier.name, f"{verifier.name}-worker"}
    for one in of_kind(objects, "HorizontalPodAutoscaler", "ScaledObject"):
        spec = one["spec"]
        least = spec.get("minReplicas", spec.get("minReplicaCount"))
        most = spec.get("maxReplicas", spec.get("maxReplicaCount"))
        target = spec["scaleTargetRef"]["name"]
        if target not in {d["metadata"]["name"] for d in of_kind(objects, "Deployment")}:
            yield f"{name_of(one)}: there is no deployment {target}"
            continue
        if "replicas" in find(objects, "Deployment", target)["spec"]:
            yield f"{name_of(one)}: the deployment sets its replicas as well"
        if least > most:
            yield f"{name_of(one)}: at least {least} and at most {most}"
        yield from _budget(objects, one, target, least)
        if _patience(spec) < LONGEST_PAUSE:
            yield f"{name_of(one)}: scales down in a pause between two bursts"
        for metric, label in _asked(one):
            if metric not in _metric_names():
                yield f"{name_of(one)}: the program has no metric {metric}"
            if label not in classes:
                yield f"{name_of(one)}: there is no class {label!r} of work"


def _budget(objects, scaler, target, least):
    for budget in of_kind(objects, "PodDisruptionBudget"):
        if selects(budget["spec"]["selector"], labels(find(objects, "Deployment", target))):
            kept = budget["spec"]["minAvailable"]
            if least <= kept:
                yield f"{name_of(scaler)}: {least} pods, of which {kept} must stay: no node can go"
            return
    yield f"{name_of(scaler)}: no PodDisruptionBudget for {target}"


def _patience(spec):
    """Seconds for which less must be wanted before there is less."""
    keda = spec.get("advanced", {}).get("horizontalPodAutoscalerConfig", {})
    behavior = spec.get("behavior", keda.get("behavior", {}))
    return behavior.get("scaleDown", {}).get("stabilizationWindowSeconds", 0)


@cache
def _metric_names():
    """Every name that stands in the package of metrics; most collectors need a whole service."""
    folder = Path(metrics.__file__).parent
    text = "".join(file.read_text() for file in folder.glob("*.py"))
    return set(re.findall(r'"(verifier_\w+)"', text))


def _asked(scaler):
    """Name and class of each metric that a scaler looks at."""
    for one in scaler["spec"].get("metrics", ()):
        metric = one["pods"]["metric"]
        yield metric["name"], metric["selector"]["matchLabels"]["class"]
    for one in scaler["spec"].get("triggers", ()):
        yield re.search(r'(\w+)\{.*class="([\w-]+)"', one["metadata"]["query"]).groups()
