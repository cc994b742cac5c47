"""How much is taken on at once, from whom, and who is next.

Counted in items, not calls, because a call holds one item or ten thousand; and in seconds of work
for each kind of it, because an item may cost a microsecond or a minute. Whoever does not fit is
told at once and told when to come back: a queue that only grows turns every answer into a late one.
"""

from verifier.admission.admission import Admission, AdmissionLimits
from verifier.admission.fair_gate import FairGate
from verifier.admission.lane import Lane
from verifier.admission.paced_gate import PacedGate

__all__ = ["Admission", "AdmissionLimits", "FairGate", "Lane", "PacedGate"]
