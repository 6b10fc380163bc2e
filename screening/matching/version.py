"""Version: what names the matcher in every record, so that an answer can be given again word for word."""

import hashlib
import json
from functools import cache

from screening.matching import numbers
from screening.matching.common_words import common_brands, common_family_names
from screening.matching.policy import Policy
from screening.names.tables import TABLES_HASH

VERSION = "1.6.1"
"""Raised whenever the same lists and configuration may give another answer."""


@cache
def matcher_hash() -> str:
    """SHA-256 over the version, every number and every table: an index built under another is not opened."""
    values = {name: repr(_in_order(value)) for name, value in sorted(vars(numbers).items()) if name.isupper()}
    common = [sorted(common_brands()), sorted(common_family_names())]
    text = json.dumps([VERSION, TABLES_HASH, common, values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _in_order(value: object) -> object:
    """A set shows its members in another order in every process."""
    return sorted(value) if isinstance(value, frozenset) else value


def config_hash(policy: Policy) -> str:
    """SHA-256 over the matcher's numbers and tables and this policy."""
    return hashlib.sha256(f"{matcher_hash()}:{policy.hash}".encode()).hexdigest()


def index_hash(entities_sha256: str) -> str:
    """SHA-256 that names an index: its entities and the matcher that built it."""
    return hashlib.sha256(f"{entities_sha256}:{matcher_hash()}".encode()).hexdigest()
