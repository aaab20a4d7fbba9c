"""Names what is inside objects in a trace: `coordinator+896` becomes `coordinator.lanes.write`.

The explorer knows where objects begin, from nm. What is inside them stands in the debugging
information, which is read, by readelf, only when a trace is to be shown.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ENTRY = re.compile(r"^ *<([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: \d+ \((DW_TAG_\w+)\)")
ATTRIBUTE = re.compile(r"^ *<[0-9a-f]+> +DW_AT_(\w+) *: (?:\((?:indirect|indexed)[^)]*\): )?(.*)$")
REFERENCE = re.compile(r"<0x([0-9a-f]+)>")
INSIDE = re.compile(r"\b([A-Za-z_]\w*)\+(\d+)\b")
LAST_GAP = re.compile(r" {2,}(?=\S+( \S+)*$)")
WRAPPERS = frozenset({"typedef", "const_type", "volatile_type", "atomic_type"})


@dataclass
class Entry:
    """One entry of the debugging information, with those below it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Entry] = field(default_factory=list)

    def number(self, name: str) -> int:
        """A size, an offset or a count: readelf writes hexadecimal ones with 0x."""
        return int(self.attributes.get(name, "0").split()[0], 0)


class Members:
    """What the objects of a program are made of."""

    def __init__(self, program: Path) -> None:
        self._entries: dict[int, Entry] = {}
        self._objects: dict[str, Entry] = {}
        listing = subprocess.run(
            ["readelf", "--debug-dump=info", str(program)],
            capture_output=True,
            text=True,
            errors="replace",
        )
        self._read(listing.stdout)

    def _read(self, listing: str) -> None:
        above: list[Entry] = []
        entry = Entry("none")
        for line in listing.splitlines():
            begin = ENTRY.match(line)
            if begin is None:
                attribute = ATTRIBUTE.match(line)
                if attribute is not None:
                    entry.attributes[attribute[1]] = attribute[2].strip()
                continue
            depth = int(begin[1], 16)
            entry = Entry(begin[3].removeprefix("DW_TAG_"))
            self._entries[int(begin[2], 16)] = entry
            del above[depth:]
            if above:
                above[-1].children.append(entry)
            above.append(entry)
        units = [each for each in self._entries.values() if each.tag == "compile_unit"]
        for each in (child for unit in units for child in unit.children):
            if each.tag == "variable" and "name" in each.attributes:
                self._objects.setdefault(each.attributes["name"], each)

    def _type_of(self, entry: Entry) -> Entry | None:
        """An entry's type, without qualifiers and other names for it."""
        while True:
            reference = REFERENCE.search(entry.attributes.get("type", ""))
            found = self._entries.get(int(reference[1], 16)) if reference else None
            if found is None or found.tag not in WRAPPERS:
                return found
            entry = found

    def _size_of(self, kind: Entry) -> int:
        if kind.tag != "array_type":
            return kind.number("byte_size")
        element = self._type_of(kind)
        size = self._size_of(element) if element is not None else 0
        for dimension in kind.children:
            size *= elements_of(dimension)
        return size

    def path(self, name: str, offset: int) -> str:
        """What is at this offset of an object, as C would write it; else `name+offset`."""
        entry = self._objects.get(name)
        kind = self._type_of(entry) if entry is not None else None
        text = name
        rest = offset
        while kind is not None and kind.tag in ("structure_type", "array_type"):
            if kind.tag == "array_type":
                step, kind, rest = self._element(kind, rest)
            else:
                step, kind, rest = self._member(kind, rest)
            text += step
        return text if rest == 0 and kind is not None else f"{name}+{offset}"

    def _element(self, kind: Entry, offset: int) -> tuple[str, Entry | None, int]:
        """The element of an array that holds the offset; of several dimensions, as if of one."""
        element = self._type_of(kind)
        size = self._size_of(element) if element is not None else 0
        if offset >= self._size_of(kind):
            return "", None, offset
        return f"[{offset // size}]", element, offset % size

    def _member(self, kind: Entry, offset: int) -> tuple[str, Entry | None, int]:
        """The member of a struct that holds the offset."""
        for member in kind.children:
            inner = self._type_of(member)
            first = member.number("data_member_location")
            if (
                member.tag == "member"
                and inner is not None
                and 0 <= offset - first < self._size_of(inner)
            ):
                return f".{member.attributes.get('name', '?')}", inner, offset - first
        return "", None, offset

    def name_all(self, text: str) -> str:
        """The text with members for offsets; the last column of a line stays where it is."""
        return "\n".join(self._name_line(line) for line in text.split("\n"))

    def _name_line(self, line: str) -> str:
        named = INSIDE.sub(lambda found: self.path(found[1], int(found[2])), line)
        growth = len(named) - len(line)
        return LAST_GAP.sub(lambda gap: " " * max(1, len(gap[0]) - growth), named)


def elements_of(dimension: Entry) -> int:
    """How many elements an array has in this dimension; compilers write it in two ways."""
    if "upper_bound" in dimension.attributes:
        return dimension.number("upper_bound") + 1
    return dimension.number("count")
