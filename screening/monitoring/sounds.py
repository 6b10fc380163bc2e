"""Sounds: what reading subjects asked of the lists' words, and whom it concerns when the answers become others. Pure.

A name is repaired only where the lists do not know its words (`screening.matching.repair`): of the lists, a subject's
forms depend on nothing but these answers.
"""

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from screening.matching.repair import Knows
from screening.matching.storage import Array, group


class Sounds:
    """Asks `knows` for the subject whose number stands in `subject`, and remembers what was asked for whom."""

    def __init__(self, knows: Knows) -> None:
        self.subject = 0
        self._knows = knows
        self._numbers: dict[str, int] = {}
        self._answers: list[bool] = []
        self._asked: set[tuple[int, int]] = set()

    def knows(self, sound: str) -> bool:
        """Whether some listed name has a word of this sound."""
        number = self._numbers.get(sound)
        if number is None:
            number = self._numbers[sound] = len(self._answers)
            self._answers.append(self._knows(sound))
        self._asked.add((number, self.subject))
        return self._answers[number]

    def arrays(self) -> dict[str, Array]:
        """Return what was asked: each sound's digest and answer, and the subjects that it was asked for."""
        asked = np.array(sorted(self._asked), dtype=np.int32).reshape(-1, 2)
        offsets, _ = group(asked[:, 0].astype(np.int64), len(self._answers))
        return {
            "sound": digests(self._numbers),
            "sound_known": np.array(self._answers, dtype=np.bool_),
            "sound_offsets": offsets,
            "sound_subject": asked[:, 1].copy(),
        }


def digests(sounds: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Return sixty-four bits of each sound: of a hundred thousand sounds none is taken for another."""
    found = b"".join(hashlib.blake2b(sound.encode(), digest_size=8).digest() for sound in sounds)
    return np.frombuffer(found, dtype=np.uint64)


def answered_otherwise(segment: Mapping[str, Array], known: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
    """Return the subjects of a segment for whom something that was asked has another answer now.

    `known` are the digests of the sounds that the lists know now.
    """
    other = np.isin(segment["sound"], known) != segment["sound_known"]
    sizes = np.diff(segment["sound_offsets"])
    found: npt.NDArray[np.int32] = np.unique(segment["sound_subject"][np.repeat(other, sizes)])
    return found
