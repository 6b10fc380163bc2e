"""The one XML reader: streams a publisher's file element by element, safely, and lets nothing in it pass unread.

Safe: any DOCTYPE is refused, so there are no entities to expand and nothing to fetch. Flat in memory: each element
is cleared after use. Strict: `Taken` knows what its parser has read, and names what it has not.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from lxml import etree

from core.errors import ListContentError, ListFormatError

_HEAD = 65_536
_STEP = 1_024
"""`root` feeds the parser in steps this small, and stops at the first tag: it never parses a file's body."""

_DOCTYPE = re.compile(rb"<!DOCTYPE\s+(\w+)", re.IGNORECASE)
_HTML = re.compile(rb"\s*(<!DOCTYPE\s+html|<html\b)", re.IGNORECASE)
_BOMS = (b"\xef\xbb\xbf",)


def root(head: bytes) -> tuple[str, str] | None:
    """Return (namespace, local name) of the root element in a file's head, or None if the head is not XML.

    The namespace is "" when there is none. Used by `Format.recognises`; it never raises.
    """
    element = _first_element(head)
    return None if element is None else _split(element.tag)


def root_attributes(path: Path) -> Mapping[str, str]:
    """Return the attributes of a file's root element by local name. Raises ListFormatError if it has no root."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    element = _first_element(head)
    if element is None:
        raise ListFormatError(f"{path.name} is not XML: {_why_not_xml(head)}")
    return {local_name(str(name)): str(value) for name, value in element.attrib.items()}


def elements(path: Path, tags: Collection[str], *, within: Collection[str] = ()) -> Iterator[etree._Element]:
    """Yield every element whose local name is in `tags`, whole, in the file's order; it is cleared after use.

    `within` names the elements that may surround them (the root, containers). When it is given, any other element
    outside of `tags` raises ListContentError, so that a part the parser does not know cannot pass unseen.
    Raises ListFormatError, with the line, for a DOCTYPE, an empty, ill-formed or truncated file, and for HTML.
    """
    _refuse_what_is_no_list(path)
    known = {*tags, *within}
    with path.open("rb") as file:
        context = etree.iterparse(file, events=("end",), tag=[f"{{*}}{name}" for name in known])
        try:
            for _, element in context:
                if element.getroottree().docinfo.internalDTD is not None:  # a DOCTYPE in UTF-16 escapes the first look
                    raise ListFormatError(f"{path.name} has a DOCTYPE, which no list has: refused unread")
                if local_name(element.tag) in tags:
                    yield element
                    _drop(element, path, known if within else None)
                elif within:
                    _check_children(element, path, known)
        except etree.XMLSyntaxError as error:
            line = f"line {error.lineno}: " if error.lineno else ""
            raise ListFormatError(f"{path.name} is not well-formed XML (cut short?): {line}{error.msg}") from error
    if within and local_name(context.root.tag) not in known:
        raise ListContentError(f"{path.name}: the root element <{local_name(context.root.tag)}> is not known")


class Taken:
    """An element being read: what is taken from it is remembered, and `finish` names what was not.

    Text and attribute values come with runs of white space made one blank, since publishers' files break lines
    anywhere. Everything can be taken once; `where` names the listed entity in messages.
    """

    __slots__ = ("_attributes", "_children", "_taken", "_text", "tag", "where")

    def __init__(self, element: etree._Element, where: str = "") -> None:
        self.tag = local_name(element.tag)
        self.where = where
        self._attributes = {local_name(str(name)): str(value) for name, value in element.attrib.items()}
        self._children: dict[str, list[etree._Element]] = {}
        self._taken: list[Taken] = []
        self._text = element.text
        for child in element:
            if isinstance(child.tag, str):  # comments and processing instructions say nothing
                self._children.setdefault(local_name(child.tag), []).append(child)

    def text(self, name: str) -> str:
        """The text of the only child `name`, "" if there is none. Raises ListContentError if there are more."""
        found = self.texts(name)
        if len(found) > 1:
            raise ListContentError(f"{self._here()} has {len(found)} <{name}>, one at most is known")
        return found[0] if found else ""

    def texts(self, name: str) -> list[str]:
        """The texts of all children `name`, empty ones too. Raises ListContentError if one is more than text."""
        texts = []
        for child in self._children.pop(name, ()):
            if len(child) or child.attrib:
                self._refuse_structure(child)
            texts.append(squeeze(child.text))
        return texts

    def one(self, name: str) -> "Taken | None":
        """The only child `name` as a reader of its own, or None. Raises ListContentError if there are more."""
        found = self.all(name)
        if len(found) > 1:
            raise ListContentError(f"{self._here()} has {len(found)} <{name}>, one at most is known")
        return found[0] if found else None

    def all(self, name: str) -> "list[Taken]":
        """All children `name`, each as a reader of its own; `finish` of this one finishes them too."""
        found = [Taken(child, self.where) for child in self._children.pop(name, ())]
        self._taken.extend(found)
        return found

    def attr(self, name: str) -> str:
        """The value of an attribute, "" if there is none."""
        return squeeze(self._attributes.pop(name, ""))

    def own_text(self) -> str:
        """The text of the element itself."""
        text, self._text = squeeze(self._text), None
        return text

    def ignore(self, *names: str) -> None:
        """Leave children `name` and attributes `@name` unread, on purpose: the caller names them in a constant."""
        for name in names:
            if name.startswith("@"):
                self._attributes.pop(name[1:], None)
            else:
                self._children.pop(name, None)

    def finish(self) -> None:
        """Raise ListContentError that names every child, attribute or text of this element never taken."""
        for child in self._taken:
            child.finish()
        left = [f"<{name}>" for name in self._children] + [f"@{name}" for name in self._attributes]
        if self._text and not self._text.isspace():
            left.append(f"the text {squeeze(self._text)[:60]!r}")
        if left:
            raise ListContentError(f"{self._here()} holds what no rule reads: {', '.join(left)}")

    def _here(self) -> str:
        return f"{self.where}: <{self.tag}>" if self.where else f"<{self.tag}>"

    def _refuse_structure(self, child: etree._Element) -> None:
        """A leaf with attributes (`xsi:nil`, a language) or elements says more than its text."""
        inner = [f"@{local_name(str(name))}" for name in child.attrib]
        inner += [f"<{local_name(grandchild.tag)}>" for grandchild in child if isinstance(grandchild.tag, str)]
        if inner:
            raise ListContentError(f"{self._here()}: <{local_name(child.tag)}> holds more than text: {inner}")


def squeeze(text: str | None) -> str:
    """Return `text` with runs of white space made one blank and none at its ends; "" for None."""
    return " ".join(text.split()) if text else ""


@cache
def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name


def _first_element(head: bytes) -> etree._Element | None:
    parser = etree.XMLPullParser(events=("start",))
    for start in range(0, len(head), _STEP):
        try:
            parser.feed(head[start : start + _STEP])
        except etree.XMLSyntaxError:
            return next((element for _, element in parser.read_events()), None)
        for _, element in parser.read_events():
            return element
    return None


def _refuse_what_is_no_list(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip() or _HTML.match(_without_bom(head)):
        raise ListFormatError(f"{path.name} is not a list: {_why_not_xml(head)}")
    if _DOCTYPE.search(head):
        raise ListFormatError(f"{path.name} has a DOCTYPE, which no list has: refused unread")
    if _first_element(head) is None:
        raise ListFormatError(f"{path.name} is not a list: {_why_not_xml(head)}")


def _why_not_xml(head: bytes) -> str:
    if not head.strip():
        return "it is empty"
    if _HTML.match(_without_bom(head)):
        return "it is an HTML page, perhaps the publisher's error page"
    return f"it does not begin as XML but with {head[:40]!r}"


def _without_bom(head: bytes) -> bytes:
    return next((head.removeprefix(bom) for bom in _BOMS if head.startswith(bom)), head)


def _drop(element: etree._Element, path: Path, known: set[str] | None) -> None:
    """Free a read element and all before it; with `known`, after looking whether one of those was never read."""
    element.clear()
    parent = element.getparent()
    if parent is None:
        return
    while (earlier := element.getprevious()) is not None:
        if known is not None:
            _check_known(earlier, path, known)
        parent.remove(earlier)


def _check_children(container: etree._Element, path: Path, known: set[str]) -> None:
    for child in container:
        _check_known(child, path, known)


def _check_known(element: etree._Element, path: Path, known: set[str]) -> None:
    if isinstance(element.tag, str) and local_name(element.tag) not in known:
        line = f" (line {element.sourceline})" if element.sourceline else ""
        raise ListContentError(f"{path.name}{line}: the element <{local_name(element.tag)}> is not known")
