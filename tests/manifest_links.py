"""What the manifests say of each other: who selects whom, who may call whom, where secrets are."""

import re

import yaml
from manifest_checks import each
from manifest_network import asks_names, behind, leaves, lets, reaches, rules, space_labels
from manifests import ROOT, container, labels, name_of, namespace, of_kind, pod, selects

from verifier.config import split_address

SECRETS = ROOT / "secrets.example.yaml"


def selectors(objects):
    """Whatever selects, selects something; pods have what selects them."""
    deployments = of_kind(objects, "Deployment")
    for one in deployments:
        if not selects(one["spec"]["selector"], labels(one)):
            yield f"{name_of(one)}: its selector does not take its own pods"
        for spread in pod(one).get("topologySpreadConstraints", ()):
            if not selects(spread["labelSelector"], labels(one)):
                yield f"{name_of(one)}: spreads other pods than its own"
        account = pod(one)["serviceAccountName"]
        if (account, namespace(one)) not in {
            (a["metadata"]["name"], namespace(a)) for a in of_kind(objects, "ServiceAccount")
        }:
            yield f"{name_of(one)}: there is no account {account}"
    for kind, selector in (
        ("Service", lambda one: one["spec"]["selector"]),
        ("PodDisruptionBudget", lambda one: one["spec"]["selector"]),
        ("NetworkPolicy", lambda one: one["spec"]["podSelector"]),
    ):
        for one in of_kind(objects, kind):
            taken = [
                d
                for d in deployments
                if namespace(d) == namespace(one) and selects(selector(one), labels(d))
            ]
            if not taken:
                yield f"{name_of(one)}: selects no pod"
    yield from _monitors(objects)
    yield from _readers(objects)


def _monitors(objects):
    for one in of_kind(objects, "ServiceMonitor"):
        found = [
            service
            for service in of_kind(objects, "Service")
            if namespace(service) == namespace(one)
            and selects(one["spec"]["selector"], service["metadata"].get("labels", {}))
        ]
        wanted = {endpoint["port"] for endpoint in one["spec"]["endpoints"]}
        if not found:
            yield f"{name_of(one)}: selects no service"
        for service in found:
            if not wanted <= {port["name"] for port in service["spec"]["ports"]}:
                yield f"{name_of(one)}: {name_of(service)} has no port {wanted}"


def _readers(objects):
    """Where metrics want a token, whoever scrapes them shows one."""
    closed = {
        namespace(one)
        for one, config in each(objects)
        if config.access.tokens and config.access.protect_metrics
    }
    for one in of_kind(objects, "ServiceMonitor"):
        if namespace(one) in closed and not all(
            "authorization" in endpoint for endpoint in one["spec"]["endpoints"]
        ):
            yield f"{name_of(one)}: shows no token, and metrics want one"


def network(objects):
    """What must talk can, and the sandbox can talk to nobody."""
    spaces = {namespace(one) for one in of_kind(objects, "Deployment")}
    for space in sorted(spaces):
        if not any(
            namespace(one) == space
            and one["spec"]["podSelector"] == {}
            and set(one["spec"]["policyTypes"]) == {"Ingress", "Egress"}
            and not one["spec"].get("ingress")
            and not one["spec"].get("egress")
            for one in of_kind(objects, "NetworkPolicy")
        ):
            yield f"namespace {space}: nothing denies by default"
    for one, config in each(objects):
        yield from _calls(objects, one, config)
        if config.shared_cache.redis_url_env or config.judge.redis_url_env:
            yield from _redis(objects, one)
        if labels(one)["app.kubernetes.io/component"] == "sandbox" and rules(
            objects, one, "Egress"
        ):
            yield f"{name_of(one)}: a program that gets out finds a network"
        side = split_address(config.server.metrics_listen)[1]
        if not _may_scrape(objects, one, side):
            yield f"{name_of(one)}: its metrics cannot be scraped"


def _redis(objects, deployment):
    """The URL is a secret; the example shows which service it names."""
    url = next(one for one in _examples() if one["metadata"]["name"] == "redis")["stringData"][
        "url"
    ]
    host, port = re.fullmatch(r"redis://:\w+@([\w.-]+):(\d+)/\d", url).groups()
    _, pods = behind(objects, host)
    for one in pods:
        if not reaches(objects, deployment, one, int(port)):
            yield f"{name_of(deployment)}: policies keep it from {name_of(one)}"
    if not asks_names(objects, deployment):
        yield f"{name_of(deployment)}: cannot look up {host}"


def _examples():
    return yaml.safe_load_all(SECRETS.read_text())


def _may_scrape(objects, deployment, port):
    found = rules(objects, deployment, "Ingress")
    return lets(found, "from", namespace(deployment), (space_labels("monitoring"), {}), port)


def _calls(objects, deployment, config):
    for task, forward in config.forward.items():
        host, port = split_address(forward.target.removeprefix("dns:///"))
        found = behind(objects, host)
        if found is None:
            yield f"{name_of(deployment)}: {task} goes to {host}, which is no service"
            continue
        service, pods = found
        if service["spec"].get("clusterIP") != "None":
            yield f"{name_of(deployment)}: {name_of(service)} hides its replicas from the front"
        if port not in {one["port"] for one in service["spec"]["ports"] if one["name"] == "grpc"}:
            yield f"{name_of(deployment)}: {name_of(service)} has no gRPC on {port}"
        for one in pods:
            if not reaches(objects, deployment, one, port):
                yield f"{name_of(deployment)}: policies keep it from {name_of(one)}"
        if not asks_names(objects, deployment):
            yield f"{name_of(deployment)}: cannot look up {host}"
    for backend in config.judge.backends.values():
        host, port = re.fullmatch(r"https?://([\w.-]+):(\d+)/.*", backend.base_url).groups()
        if not leaves(objects, deployment, host.split(".")[1], int(port)):
            yield f"{name_of(deployment)}: policies keep it from {backend.base_url}"


def secrets(objects):
    """No secret is among them, and every one that they want is in the example."""
    example = {
        (namespace(one), one["metadata"]["name"]): set(one["stringData"]) for one in _examples()
    }
    for one in of_kind(objects, "Secret"):
        yield f"{name_of(one)}: a secret among the manifests"
    for one in of_kind(objects, "Deployment", "ServiceMonitor"):
        wanted = _wanted_secrets if one["kind"] == "Deployment" else _monitor_secrets
        for name, key in wanted(one):
            kept = example.get((namespace(one), name))
            if kept is None or (key and key not in kept):
                yield f"{name_of(one)}: {SECRETS.name} does not tell of {name} {key or ''}"


def _wanted_secrets(deployment):
    for one in container(deployment).get("env", ()):
        if "valueFrom" in one:
            reference = one["valueFrom"]["secretKeyRef"]
            yield reference["name"], reference["key"]
    for volume in pod(deployment).get("volumes", ()):
        if "secret" in volume:
            for item in volume["secret"].get("items", ({"key": None},)):
                yield volume["secret"]["secretName"], item["key"]


def _monitor_secrets(monitor):
    for endpoint in monitor["spec"]["endpoints"]:
        if "authorization" in endpoint:
            reference = endpoint["authorization"]["credentials"]
            yield reference["name"], reference["key"]
