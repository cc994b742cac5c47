"""What pods may: complaints about whatever is allowed and need not be."""

from manifest_checks import WHY_PRIVILEGED
from manifests import container, find, labels, name_of, namespace, of_kind, pod

LEVEL = "pod-security.kubernetes.io/enforce"


def security(objects):
    """Pods may no more than they must, and say why where that is much."""
    for one in of_kind(objects, "Deployment"):
        at = name_of(one)
        outer, inner = pod(one).get("securityContext", {}), container(one)["securityContext"]
        if pod(one).get("automountServiceAccountToken") is not False:
            yield f"{at}: has a key to the API of Kubernetes"
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if pod(one).get(key):
                yield f"{at}: {key}"
        if any("hostPath" in volume for volume in pod(one).get("volumes", ())):
            yield f"{at}: sees files of the node"
        if inner.get("privileged"):
            if not _annotations(one).get(WHY_PRIVILEGED, "").strip():
                yield f"{at}: privileged, and nobody says why"
        else:
            yield from _least(at, outer, inner)
        if inner.get("procMount") == "Unmasked" and pod(one).get("hostUsers") is not False:
            yield f"{at}: Kubernetes refuses an unmasked /proc to the node's users"
        if inner.get("readOnlyRootFilesystem") is not True:
            yield f"{at}: its own files can be changed"
        yield from _admitted(objects, one, outer, inner)


def _annotations(deployment):
    return deployment["spec"]["template"]["metadata"].get("annotations", {})


def _least(at, outer, inner):
    if inner.get("allowPrivilegeEscalation") is not False:
        yield f"{at}: may gain privileges"
    if inner.get("capabilities") != {"drop": ["ALL"]}:
        yield f"{at}: keeps capabilities"
    if outer.get("runAsNonRoot") is not True or not outer.get("runAsUser"):
        yield f"{at}: may run as root"


def _admitted(objects, deployment, outer, inner):
    """Pod Security admission lets the pod into its namespace."""
    level = find(objects, "Namespace", namespace(deployment))["metadata"]["labels"].get(LEVEL)
    component = labels(deployment)["app.kubernetes.io/component"]
    if level != "restricted":
        if component != "sandbox":
            yield f"{name_of(deployment)}: is in a namespace where anything goes"
        return
    seccomp = outer.get("seccompProfile", {}).get("type")
    app_armor = outer.get("appArmorProfile", {}).get("type", "RuntimeDefault")
    if (
        inner.get("privileged")
        or inner.get("procMount", "Default") != "Default"
        or seccomp not in ("RuntimeDefault", "Localhost")
        or app_armor not in ("RuntimeDefault", "Localhost")
    ):
        yield f"{name_of(deployment)}: its namespace admits only restricted pods"
