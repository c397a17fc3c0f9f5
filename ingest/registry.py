"""One mechanism for every plug-in kind: a lazy table of names, open to third parties.

A table maps a name to ``"module:attribute"``, so nothing heavy is imported before it is used.
Packages outside this repository add names through entry points of the table's group.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

PluginT = TypeVar("PluginT")


class Registry(Generic[PluginT]):
    """Look plug-ins up by name and import them on first use.

    Args:
        kind: What the plug-ins are, for messages ("reader", "embedder", ...).
        group: Entry-point group for third parties, for example ``metalumen.readers``.
        builtin: Name to ``"module:attribute"``, in the order in which they are tried.
    """

    def __init__(self, kind: str, group: str, builtin: Mapping[str, str]) -> None:
        """Keep the table; import nothing."""
        self.kind = kind
        self.group = group
        self._builtin = dict(builtin)

    def names(self) -> tuple[str, ...]:
        """List the built-in names in order, then third-party names sorted."""
        external = sorted({point.name for point in entry_points(group=self.group)})
        return (*self._builtin, *(name for name in external if name not in self._builtin))

    def get(self, name: str) -> PluginT:
        """Import the plug-in called ``name``.

        Raises:
            UserError: No plug-in has that name; the message lists the known ones.
        """
        if name in self._builtin:
            module, _, attribute = self._builtin[name].partition(":")
            return cast("PluginT", getattr(import_module(module), attribute))
        for point in entry_points(group=self.group, name=name):
            return cast("PluginT", point.load())
        known = ", ".join(self.names())
        what = f"no {self.kind} named {name!r}"
        raise UserError(what, hint=f"Known: {known}")
