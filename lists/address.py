"""Address: where a list is read from. A publisher's or mirror's web address, a file, or a directory of files. Pure."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.settings import Settings
from lists.source import Source


def address(source: Source, settings: Settings) -> str:
    """Return where a list is read from: the mirror, file or directory of the settings, else the publisher."""
    return settings.source(source.key).url or source.url


def is_remote(url: str) -> bool:
    """Return whether the address is to be fetched over HTTP."""
    return url.lower().startswith(("http://", "https://"))


def local_path(url: str) -> Path:
    """Return the file or directory that `file://…` or a plain path names."""
    return Path(unquote(urlsplit(url).path)) if url.lower().startswith("file://") else Path(url)


def public(url: str) -> str:
    """Return the address without a user name and password, fit to be stored and shown."""
    if not is_remote(url):
        return url
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
