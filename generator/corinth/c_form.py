"""C forms: what a kind of field type tells the templates of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CForm:
    """How C declares a value, puts it on the wire, takes it off and checks it.

    The statements are `put(at, put_cast value)` and `value = get_cast get(at)`; of an array, for
    each element.
    """

    c_type: str
    count: int | None = None
    """Elements of an array."""
    alignas: str = ""
    """`CORINTH_ALIGNAS(8) ` where the compiler's own alignment depends on the target."""
    has_entity: bool = False
    """The type comes from the runtime's header for entities."""
    put: str
    put_cast: str = ""
    get: str
    get_cast: str = ""
    is_checked_by_get: bool = False
    """`get(at, &value)` returns whether what it read is valid: bools and structs with checks."""
    is_filled_by_get: bool = False
    """`get(at, &value)` fills a struct that nothing can be wrong with."""
    validator: str = ""
    """The function that checks a value, or nothing where every value is right."""
    validator_cast: str = ""
    """`&` where `validator` takes a pointer."""
    is_bool: bool = False
    is_byte: bool = False
    """One byte, and every value is right: an array of them is copied as a whole."""

    @property
    def is_bytes(self) -> bool:
        """An array of single bytes that any value is right for: copied as a whole."""
        return self.is_byte and self.count is not None
