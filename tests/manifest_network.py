"""What network policies let through, computed from them as Kubernetes' documentation defines it."""

import re

from manifests import labels, name_of, namespace, of_kind, selects

DNS = {"kubernetes.io/metadata.name": "kube-system"}
DNS_PODS = {"k8s-app": "kube-dns"}
# Namespaces that are not ours have the label that Kubernetes itself gives them.
_NAME = "kubernetes.io/metadata.name"


def policies_of(objects, deployment):
    return [
        one
        for one in of_kind(objects, "NetworkPolicy")
        if namespace(one) == namespace(deployment)
        and selects(one["spec"]["podSelector"], labels(deployment))
    ]


def rules(objects, deployment, direction):
    """All rules of a direction for a pod; None if no policy speaks of it, so that all is open."""
    key = direction.lower()
    found = [
        one
        for one in policies_of(objects, deployment)
        if direction in one["spec"].get("policyTypes", ["Ingress"])
    ]
    if not found:
        return None
    return [rule for one in found for rule in one["spec"].get(key) or ()]


def lets(rule_list, side, home, peer, port):
    """Whether one of the rules lets a peer through.

    Args:
        rule_list: of one direction; None for no policy.
        side: "from" or "to".
        home: the policies' namespace.
        peer: labels of the peer's namespace and of its pod; the latter None for any.
        port: TCP port.
    """
    return rule_list is None or any(
        _takes_port(rule, port)
        and (side not in rule or any(_takes_peer(one, home, peer) for one in rule[side]))
        for rule in rule_list
    )


def _takes_port(rule, port):
    return "ports" not in rule or any(
        one.get("protocol", "TCP") == "TCP" and one["port"] == port for one in rule["ports"]
    )


def _takes_peer(one, home, peer):
    space, pod_labels = peer
    if "ipBlock" in one:
        return False
    if "namespaceSelector" in one:
        if not selects(one["namespaceSelector"], space):
            return False
    elif space.get(_NAME) != home:
        return False
    return "podSelector" not in one or (
        pod_labels is not None and selects(one["podSelector"], pod_labels)
    )


def space_labels(name):
    return {_NAME: name}


def reaches(objects, source, target, port):
    """Whether a pod of one deployment may open a connection to one of another."""
    return lets(
        rules(objects, source, "Egress"),
        "to",
        namespace(source),
        (space_labels(namespace(target)), labels(target)),
        port,
    ) and lets(
        rules(objects, target, "Ingress"),
        "from",
        namespace(target),
        (space_labels(namespace(source)), labels(source)),
        port,
    )


def leaves(objects, source, space, port):
    """Whether a pod may open a connection to some pod of a namespace that is not ours."""
    return lets(
        rules(objects, source, "Egress"), "to", namespace(source), (space_labels(space), {}), port
    )


def asks_names(objects, source):
    found = rules(objects, source, "Egress")
    return found is None or any(
        _takes_peer(one, namespace(source), (DNS, DNS_PODS))
        for rule in found
        for one in rule.get("to", ())
    )


def behind(objects, host):
    """Service and deployments behind a name of the cluster's DNS; None for one that is not ours."""
    found = re.fullmatch(r"([\w-]+)\.([\w-]+)\.svc", host)
    assert found, f"{host}: spell it NAME.NAMESPACE.svc"
    for service in of_kind(objects, "Service"):
        if (service["metadata"]["name"], namespace(service)) == found.groups():
            pods = [
                one
                for one in of_kind(objects, "Deployment")
                if namespace(one) == namespace(service)
                and selects(service["spec"]["selector"], labels(one))
            ]
            assert pods, f"{name_of(service)}: no pod is behind it"
            return service, pods
    return None
