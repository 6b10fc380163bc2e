"""Dialect: in which encoding and with which delimiter a table was saved. Reads the file once, in constant memory."""

import codecs
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from core.errors import InvalidInput

SAMPLE = 64 * 1024
"""Bytes from which the encoding and the delimiter are judged."""

BLOCK = 1024 * 1024

DELIMITERS = (",", ";", "\t")
"""What spreadsheets write: a comma, a semicolon where the comma is the decimal sign, a tab as "Unicode text"."""

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

OTHER_FILES = (
    (b"PK\x03\x04", "an Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a compressed file"),
)
"""How files begin that are sent in place of a CSV."""

CYRILLIC = range(0x0400, 0x0460)
ARABIC = range(0x0600, 0x0700)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written."""

    encoding: str
    delimiter: str


def sniff(path: Path) -> Dialect:
    """Return how the file is written. Raises InvalidInput when it is empty, no table of text, or in no encoding that is
    known here: names that were read wrongly would all be clear.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise InvalidInput("the file is empty; its first line must name the columns")
    for begin, what in OTHER_FILES:
        if sample.startswith(begin):
            raise InvalidInput(f"this is {what}, not a CSV; save it as CSV (UTF-8) and send that")
    encoding = _encoding(path, sample)
    header = sample.decode(encoding, errors="ignore").lstrip("\r\n").splitlines()[:1]
    return Dialect(encoding, _delimiter(header[0] if header else ""))


def _encoding(path: Path, sample: bytes) -> str:
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 > len(sample):  # half of the bytes of Latin text in UTF-16 are zero
        return "utf-16-le" if odd > even else "utf-16-be"
    telling = _first_telling(path)
    if not telling or _is_utf8(path):
        return "utf-8"
    if _nearly_utf8(telling):
        raise InvalidInput(
            "the file is UTF-8 and damaged: some bytes of it are no letters; save it again as CSV (UTF-8)"
        )
    best = max(("cp1251", "cp1256", "koi8-r"), key=lambda name: _likely(telling, name))
    has_letters = any(letter.isalpha() for letter in telling.decode(best, errors="ignore") if ord(letter) > 0x7F)
    if has_letters and _likely(telling, best) <= 0:
        raise InvalidInput("the file is in an encoding that is not known here; save it as CSV (UTF-8) and send that")
    return best


def _first_telling(path: Path) -> bytes:
    """A sample from the first block on that is not plain ASCII; nothing if all of it is."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if not block.isascii():
                at = next(at for at in range(0, len(block), SAMPLE) if not block[at : at + SAMPLE].isascii())
                return block[at : at + SAMPLE]
    return b""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(sample: bytes) -> bool:
    """Whether more of its letters are UTF-8 than are not: by chance, in other encodings, two bytes seldom make one."""
    text = sample.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    return sum(ord(letter) > 0x7F for letter in text) - wrong > wrong


def _likely(sample: bytes, encoding: str) -> int:
    """How much of the text reads as words: letters of the encoding's own script next to each other, small ones above
    all, since the wrong reading (of Arabic as Cyrillic, of KOI8-R as Windows-1251) gives capitals inside words.
    """
    text = sample.decode(encoding, errors="replace")
    own = ARABIC if encoding == "cp1256" else CYRILLIC
    good = 0
    for before, letter in pairwise(text):
        if ord(letter) in own and ord(before) in own:
            good += -2 if letter.isupper() and before.islower() else 1
        elif ord(letter) > 0x7F and before.isalpha():
            good -= 1
    return good


def _delimiter(header: str) -> str:
    """The delimiter that the header holds most, outside of quotes."""
    bare = "".join(header.split('"')[0::2])
    counts = Counter(letter for letter in bare if letter in DELIMITERS)
    return max(DELIMITERS, key=lambda one: counts[one])
