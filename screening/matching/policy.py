"""Policy: the thresholds that turn a score into an outcome, with the hash that names them in every record."""

import hashlib
import json
from dataclasses import asdict, dataclass

from screening.matching.result import Outcome


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds in tenths of a point (0-1000). `near_misses`: how many results below review an answer shows."""

    review_threshold: int = 700
    match_threshold: int = 900
    near_misses: int = 5
    most_matches: int = 50

    def outcome(self, score: int) -> Outcome:
        """Return match, review or clear for one score."""
        if score >= self.match_threshold:
            return Outcome.MATCH
        return Outcome.REVIEW if score >= self.review_threshold else Outcome.CLEAR

    @property
    def hash(self) -> str:
        """SHA-256 over the policy as canonical JSON."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()).hexdigest()
