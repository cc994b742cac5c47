"""Every check of the manifests, in the order in which they are told."""

import manifest_checks as checks
import manifest_links as links
from manifest_security import security

CHECKS = [
    *(checks.arguments, checks.configurations, checks.variables, checks.ports, checks.probes),
    *(checks.ending, checks.sizes, checks.images, checks.scaling),
    *(links.selectors, links.network, links.secrets, security),
]
