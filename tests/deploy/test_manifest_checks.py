"""The checks of the manifests are worth something: each complains about a broken copy."""

import copy

import manifest_checks as checks
import manifest_links as links
import pytest
from manifest_security import security
from manifest_table import CHECKS
from manifests import base, find, name_of, of_kind

HPA = "HorizontalPodAutoscaler"


def changed(path, value, kind="Deployment", name="front"):
    """A mutation: the value at a path of one object; None takes it out."""

    def mutate(objects):
        *steps, last = path
        inner = find(objects, kind, name)
        for step in steps:
            inner = inner[step]
        if value is None:
            del inner[last]
        else:
            inner[last] = value

    return mutate


def in_pod(*path, to, name="front"):
    return changed(("spec", "template", "spec", *path), to, name=name)


def in_container(*path, to, name="front"):
    return in_pod("containers", 0, *path, to=to, name=name)


def in_config(old, new, name="front"):
    """A mutation: other words in a service.toml."""

    def mutate(objects):
        generated = [
            one for one in of_kind(objects, "ConfigMap") if one["metadata"]["name"].startswith(name)
        ]
        (data,) = [one["data"] for one in generated]
        assert old in data["service.toml"]
        data["service.toml"] = data["service.toml"].replace(old, new)

    return mutate


def without(kind, name):
    def mutate(objects):
        objects.remove(find(objects, kind, name))

    return mutate


def policy(name, *path, to):
    return changed(("spec", *path), to, kind="NetworkPolicy", name=name)


# Check, mutation, and words of the complaint.
BROKEN = [
    (checks.arguments, in_container("args", to=["serve", "--confg", "x"]), "arguments refused"),
    (checks.arguments, in_container("args", 0, to="server"), "not serve"),
    (checks.arguments, in_container("command", to=["sh"]), "entry point"),
    (checks.configurations, in_container("args", 2, to="/etc/other.toml"), "nothing is mounted"),
    (checks.configurations, in_container("args", 2, to="/etc/verifier/a.toml"), "a.toml"),
    (checks.configurations, in_config("lame_duck_seconds", "lame_duck_second"), "lame_duck"),
    (checks.configurations, in_config("[forward.code]", "[forward.codes]"), "codes"),
    (
        checks.configurations,
        in_container("env", to=[{"name": "VERIFIER__SERVER__LISTEM", "value": "x"}]),
        "LISTEM",
    ),
    (checks.variables, in_container("env", to=[{"name": "VERBOSE", "value": "1"}]), "VERBOSE"),
    (checks.variables, in_config("api_key_env", "#", name="judge"), "nobody reads"),
    (checks.ports, in_container("ports", 0, "containerPort", to=50052), "listens on"),
    (checks.ports, in_config("0.0.0.0:9464", "0.0.0.0:9465"), "listens on"),
    (checks.ports, in_config("0.0.0.0:50051", "127.0.0.1:50051"), "outside the pod"),
    (
        checks.ports,
        changed(("spec", "ports", 0, "targetPort"), "rpc", kind="Service"),
        "no container listens",
    ),
    (
        checks.ports,
        changed(("spec", "ports", 0, "port"), 443, kind="Service"),
        "another number",
    ),
    (checks.probes, in_container("readinessProbe", "httpGet", "path", to="/ready"), "/ready"),
    (checks.probes, in_container("readinessProbe", "httpGet", "path", to="/healthz"), "is /readyz"),
    (checks.probes, in_container("startupProbe", "httpGet", "port", to="grpc"), "side port"),
    (checks.probes, in_container("livenessProbe", "grpc", "service", to="alive"), "'alive'"),
    (checks.probes, in_container("livenessProbe", "grpc", "port", to=9464), "not the gRPC port"),
    (checks.probes, in_container("livenessProbe", to=None), "is missing"),
    (
        checks.probes,
        in_config("[admission]", '[tls]\ncertificate = "/a"\nkey = "/a"\n[admission]'),
        "speaks no TLS",
    ),
    (checks.ending, in_pod("terminationGracePeriodSeconds", to=30), "killed after 30"),
    (checks.ending, in_config("drain_seconds = 600.0", "drain_seconds = 5.0"), "drains for less"),
    (checks.sizes, in_container("resources", "requests", "memory", to=None), "must be set"),
    (checks.sizes, in_container("resources", "limits", "memory", to="256Mi"), "below the request"),
    (checks.sizes, in_config("1_610_612_736", "2_147_483_648"), "not below the limit"),
    (checks.sizes, in_config("slots = 4", "slots = 16", name="sandbox"), "do not fit"),
    (checks.sizes, in_config("slots = 4", "slots = 5", name="sandbox"), "no CPU"),
    (checks.images, in_container("image", to="registry.example/verifier-front"), "no version"),
    (checks.images, in_container("image", to="r.example/verifier-front:latest"), "no version"),
    (checks.images, in_container("image", to="r.example/verifier-front:0.1"), "is not version"),
    (checks.scaling, changed(("spec", "minReplicas"), 1, kind=HPA), "no node can go"),
    (checks.scaling, changed(("spec", "maxReplicas"), 1, kind=HPA), "at most 1"),
    (checks.scaling, changed(("spec", "behavior", "scaleDown"), {}, kind=HPA), "pause"),
    (
        checks.scaling,
        changed(("spec", "metrics", 0, "pods", "metric", "name"), "verifier_queue", kind=HPA),
        "no metric verifier_queue",
    ),
    (
        checks.scaling,
        changed(
            ("spec", "metrics", 0, "pods", "metric", "selector", "matchLabels", "class"),
            "mathematics",
            kind=HPA,
        ),
        "no class 'mathematics'",
    ),
    (checks.scaling, changed(("spec", "scaleTargetRef", "name"), "frond", kind=HPA), "frond"),
    (checks.scaling, changed(("spec", "replicas"), 3), "sets its replicas"),
    (checks.scaling, without("PodDisruptionBudget", "front"), "no PodDisruptionBudget"),
    (
        links.selectors,
        changed(("spec", "template", "metadata", "labels"), {"app": "x"}),
        "its own pods",
    ),
    (links.selectors, changed(("spec", "selector"), {"app": "x"}, kind="Service"), "no pod"),
    (
        links.selectors,
        changed(("spec", "selector", "matchLabels"), {"app": "x"}, kind="PodDisruptionBudget"),
        "selects no pod",
    ),
    (links.selectors, policy("judge", "podSelector", to={"matchLabels": {"a": "b"}}), "no pod"),
    (
        links.selectors,
        in_pod("topologySpreadConstraints", 0, "labelSelector", to={"matchLabels": {"a": "b"}}),
        "spreads other pods",
    ),
    (links.selectors, in_pod("serviceAccountName", to="somebody"), "no account"),
    (links.network, policy("sandbox", "egress", to=[{}]), "finds a network"),
    (
        links.network,
        policy("sandbox", "egress", to=[{"ports": [{"port": 53, "protocol": "UDP"}]}]),
        "finds a network",
    ),
    (links.network, policy("sandbox", "ingress", to=[]), "policies keep it from"),
    (links.network, policy("models", "ingress", 0, "ports", 0, "port", to=50052), "keep it from"),
    (links.network, policy("models", "ingress", 1, "ports", 0, "port", to=9465), "be scraped"),
    (links.network, policy("front", "egress", 0, "to", to=[]), "keep it from"),
    (links.network, policy("front", "egress", 1, "to", to=[]), "cannot look up"),
    (links.network, policy("judge", "egress", 0, "ports", 0, "port", to=443), "llm.llm.svc:8000"),
    (links.network, policy("default-deny-here", "egress", to=[{}]), "denies by default"),
    (links.network, in_config("//sandbox.verifier-sandbox", "//sandbox.verifier"), "no service"),
    (links.network, in_config("sandbox.svc:50051", "sandbox.svc:50052"), "no gRPC on 50052"),
    (
        links.network,
        changed(("spec", "clusterIP"), None, kind="Service", name="sandbox"),
        "hides its replicas",
    ),
    (
        links.secrets,
        in_container(
            *("env", 0, "valueFrom", "secretKeyRef"), to={"name": "x", "key": "y"}, name="judge"
        ),
        "does not tell of x y",
    ),
    (
        links.secrets,
        lambda objects: objects.append({"kind": "Secret", "metadata": {"name": "leaked"}}),
        "a secret among",
    ),
    (security, in_container("securityContext", "privileged", to=True), "nobody says why"),
    (security, in_container("securityContext", "capabilities", to=None), "keeps capabilities"),
    (
        security,
        in_container("securityContext", "allowPrivilegeEscalation", to=True),
        "gain privileges",
    ),
    (security, in_container("securityContext", "readOnlyRootFilesystem", to=False), "be changed"),
    (security, in_pod("securityContext", "runAsUser", to=0), "may run as root"),
    (security, in_pod("securityContext", "seccompProfile", to=None), "only restricted"),
    (security, in_pod("automountServiceAccountToken", to=True), "key to the API"),
    (security, in_pod("hostNetwork", to=True), "hostNetwork"),
    (
        security,
        in_pod("volumes", 0, to={"name": "config", "hostPath": {"path": "/"}}),
        "files of the node",
    ),
    (security, in_pod("hostUsers", to=None, name="sandbox"), "unmasked /proc"),
    (
        security,
        changed(("metadata", "labels"), {}, kind="Namespace", name="verifier"),
        "anything goes",
    ),
]


SCALED, MONITORED = "ScaledObject", "ServiceMonitor"
BROKEN_COMPONENTS = [
    ("keda", checks.scaling, changed(("spec", "minReplicaCount"), 1, kind=SCALED), "no node can"),
    (
        "keda",
        checks.scaling,
        changed(("spec", "triggers", 0, "metadata", "query"), 'sum(x{class="code"})', kind=SCALED),
        "no metric x",
    ),
    (
        "keda",
        checks.scaling,
        changed(("spec", "triggers", 0, "metadata", "query"), 'sum(x{class="y"})', kind=SCALED),
        "no class 'y'",
    ),
    ("keda", checks.scaling, changed(("spec", "advanced"), {}, kind=SCALED), "pause"),
    (
        "monitoring",
        links.selectors,
        changed(("spec", "endpoints", 0, "port"), "http", kind=MONITORED, name="verifier"),
        "has no port",
    ),
    (
        "monitoring",
        links.selectors,
        changed(("spec", "selector", "matchLabels"), {"a": "b"}, kind=MONITORED, name="sandbox"),
        "selects no service",
    ),
    ("redis", checks.images, in_container("image", to="redis", name="redis"), "no version"),
    (
        "redis",
        checks.configurations,
        in_container("env", 0, "value", to="OTHER_URL"),
        "is not set",
    ),
    ("redis", links.network, policy("redis", "ingress", to=[]), "keep it from Deployment"),
    ("redis", links.network, policy("to-redis", "egress", 1, "to", to=[]), "models: cannot look"),
    (
        "secured",
        checks.probes,
        in_container("livenessProbe", to={"grpc": {"port": 50051}}),
        "speaks no TLS",
    ),
    (
        "secured",
        checks.configurations,
        in_container("env", 3, "name", to="VERIFIER__FORWARD__CODE__TOKEN"),
        "VERIFIER__FORWARD__CODE__TOKEN",
    ),
    (
        "sandbox-privileged",
        security,
        changed(("spec", "template", "metadata", "annotations"), {}, name="sandbox"),
        "nobody says why",
    ),
]


def test_metrics_that_want_a_token_are_not_scraped_without():
    assert list(links.selectors(base("monitoring", "secured"))) == []
    # A component changes what stands before it.
    (first, _) = links.selectors(base("secured", "monitoring"))
    assert "shows no token" in first


@pytest.mark.parametrize(
    ("component", "check", "mutate", "words"),
    BROKEN_COMPONENTS,
    ids=[f"{component}-{words}" for component, _, _, words in BROKEN_COMPONENTS],
)
def test_a_check_complains_about_a_broken_component(component, check, mutate, words):
    objects = base(component)
    mutate(objects)
    complaints = list(check(objects))
    assert any(words in complaint for complaint in complaints), complaints


@pytest.mark.parametrize(
    ("check", "mutate", "words"), BROKEN, ids=[f"{c.__name__}-{w}" for c, _, w in BROKEN]
)
def test_a_check_complains_about_a_broken_copy(check, mutate, words):
    objects = base()
    # Two namespaces have one of this name.
    for one in of_kind(objects, "NetworkPolicy"):
        if name_of(one) == "NetworkPolicy verifier/default-deny":
            one["metadata"]["name"] = "default-deny-here"
    before = copy.deepcopy(objects)
    mutate(objects)
    assert objects != before
    complaints = list(check(objects))
    assert any(words in complaint for complaint in complaints), complaints


def test_every_check_is_shown_to_complain():
    assert {check for check, _, _ in BROKEN} == set(CHECKS)
