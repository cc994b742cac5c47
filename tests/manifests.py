"""The Kubernetes manifests as kustomize renders them, and what tests ask about them."""

import os
import pickle
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1] / "deploy" / "kubernetes"
OVERLAYS = sorted(path.name for path in (ROOT / "overlays").iterdir())
COMPONENTS = sorted(path.name for path in (ROOT / "components").iterdir())
NEEDED_KUSTOMIZE = (5, 0)  # `components`, `labels` with includeTemplates, patches that delete


@cache
def _kubectl():
    found = shutil.which("kubectl")
    if found is None:
        return "no kubectl here: `make toolchains` installs it"
    said = subprocess.run(
        [found, "version", "--client"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"Kustomize Version: v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < NEEDED_KUSTOMIZE:
        return f"kubectl is too old: it says {said!r}"
    return ""


def skip_without_kubectl():
    if why := _kubectl():
        pytest.skip(why)


@cache
def _rendered(folder):
    done = subprocess.run(
        [shutil.which("kubectl"), "kustomize", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def overlay(name):
    """The objects of an overlay."""
    skip_without_kubectl()
    return parsed(_rendered(str(ROOT / "overlays" / name)))


@cache
def _with_components(names):
    with tempfile.TemporaryDirectory() as folder:
        here = os.path.realpath(folder)
        path = {
            "resources": [os.path.relpath(ROOT / "base", here)],
            "components": [os.path.relpath(ROOT / "components" / name, here) for name in names],
        }
        (Path(here) / "kustomization.yaml").write_text(yaml.safe_dump(path))
        return _rendered(here)


def base(*components):
    """The objects of the base with these components."""
    skip_without_kubectl()
    return parsed(_with_components(components))


def parsed(text):
    """The objects, each call with its own: a test may change them."""
    return pickle.loads(_pickled(text))  # noqa: S301 - made one line below


@cache
def _pickled(text):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    objects = list(yaml.load_all(text, loader))
    return pickle.dumps([one for one in objects if one is not None])


def name_of(thing):
    """How a complaint calls an object: kind, namespace and name."""
    metadata = thing["metadata"]
    return f"{thing['kind']} {metadata.get('namespace', '')}/{metadata['name']}"


def of_kind(objects, *kinds):
    return [one for one in objects if one["kind"] in kinds]


def find(objects, kind, name):
    """The one object of this kind and name."""
    (found,) = (one for one in of_kind(objects, kind) if one["metadata"]["name"] == name)
    return found


def namespace(thing):
    return thing["metadata"].get("namespace", "")


def pod(deployment):
    return deployment["spec"]["template"]["spec"]


def labels(deployment):
    return deployment["spec"]["template"]["metadata"]["labels"]


def container(deployment):
    """Every pod here has one container."""
    (one,) = pod(deployment)["containers"]
    return one


def ours(objects):
    """The deployments that run this program."""
    return [one for one in of_kind(objects, "Deployment") if is_ours(one)]


def is_ours(deployment):
    return "/verifier-" in container(deployment)["image"]


def selects(selector, given):
    """Whether a label selector, or a bare mapping, takes these labels."""
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        selector = {"matchLabels": selector}
    wanted = selector.get("matchLabels", {})
    return all(given.get(key) == value for key, value in wanted.items()) and all(
        one["operator"] == "In" and given.get(one["key"]) in one["values"]
        for one in selector.get("matchExpressions", ())
    )


def config_text(objects, deployment):
    """The service.toml that a deployment mounts, by the argument that names it."""
    path = config_path(deployment)
    for mount in container(deployment).get("volumeMounts", ()):
        if not path.startswith(mount["mountPath"] + "/"):
            continue
        volume = next(one for one in pod(deployment)["volumes"] if one["name"] == mount["name"])
        for one in of_kind(objects, "ConfigMap"):
            if (namespace(one), one["metadata"]["name"]) == (
                namespace(deployment),
                volume["configMap"]["name"],
            ):
                return one["data"][path.removeprefix(mount["mountPath"] + "/")]
    raise LookupError(f"{name_of(deployment)}: nothing is mounted that has {path}")


def config_path(deployment):
    arguments = container(deployment)["args"]
    return arguments[arguments.index("--config") + 1]


def quantity(text):
    """A Kubernetes quantity as a number: bytes, or CPUs."""
    number, unit = re.fullmatch(r"([\d.]+)(m|Ki|Mi|Gi|Ti|k|M|G|T)?", str(text)).groups()
    factors = {"m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    factors |= {None: 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
    return float(number) * factors[unit]
