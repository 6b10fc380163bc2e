"""Terms: the words of a segment's subjects. Pure."""

from collections.abc import Mapping

from screening.matching.build import ROLES, TERM_TEXTS
from screening.matching.storage import Array
from screening.names.token import Token


class Terms:
    """The words of a segment's subjects, each made when it is asked for."""

    def __init__(self, segment: Mapping[str, Array]) -> None:
        self._texts = [texts(segment, text) for text in TERM_TEXTS]
        self._roles = segment["term_role"].tolist()
        self._persons = segment["term_person"].tolist()
        self._tokens: dict[int, Token] = {}

    def token(self, number: int) -> tuple[Token, bool]:
        """Return a word, and whether it is read in a person's name."""
        token = self._tokens.get(number)
        if token is None:
            plain, sound, skeleton, weak, concept, native = (texts[number] for texts in self._texts)
            role = ROLES[self._roles[number]]
            token = self._tokens[number] = Token(plain, 0, 0, role, plain, sound, skeleton, weak, concept, native)
        return token, self._persons[number]


def texts(segment: Mapping[str, Array], name: str) -> list[str]:
    """Return one text of every word, by number: one of `TERM_TEXTS`, or "group"."""
    return segment[f"term_{name}"].tobytes().decode().split("\n")[: segment["term_role"].size]
