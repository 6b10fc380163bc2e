"""Word: all the forms of one written word, worked out once and kept, since names share their words."""

from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from screening.names import clean, cyrillic, greek, latin, persian

_KEPT_WORDS = 1 << 17  # the four lists have about 46,000 distinct words (MATCHING.md); a word costs 0.5 kB


@dataclass(frozen=True, slots=True)
class Word:
    """The forms of one word (see `Token`). `native` is "" for Latin words; `script` is ISO 15924."""

    text: str
    script: str
    native: str
    plain: str
    spoken: str
    sound: str
    skeleton: str
    weak_skeleton: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Under what the word is looked up in tables: its own letters, its base letters, its sound."""
        return tuple(dict.fromkeys(key for key in (self.native, self.plain, self.sound) if key))


@lru_cache(maxsize=_KEPT_WORDS)
def fold_word(text: str) -> Word:
    """Return the forms of one written word (no blanks or punctuation), in any script. Never raises."""
    lowered = clean.one_script(_lower(text))
    script = clean.script_of(lowered)
    native = ""
    if script == "Arab":
        native = persian.unify(lowered)
        plain = spoken = persian.romanise(native)
        weak = persian.weak_skeleton(native)
    else:
        if script == "Cyrl":
            native = lowered.replace("ё", "е")
            plain = spoken = _ascii(cyrillic.romanise(lowered))
        elif script == "Latn":
            plain, spoken = _ascii(latin.base(lowered)), _ascii(latin.spoken(lowered))
        elif script == "Grek":
            native = lowered
            plain = spoken = _ascii(greek.romanise(lowered))
        else:
            native = lowered if script != "Zyyy" else ""
            plain = spoken = _ascii(lowered)
        weak = latin.weak_skeleton(spoken)
    return Word(text, script, native, plain, spoken, latin.sound(spoken), latin.skeleton(weak), weak)


def _lower(text: str) -> str:
    lowered = text.casefold() if "ß" not in text else text.lower()
    return lowered.replace("i̇", "i") if not lowered.isascii() else lowered


def _ascii(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word
    return "".join(character for character in anyascii(word).lower() if character.isascii() and character.isalnum())
