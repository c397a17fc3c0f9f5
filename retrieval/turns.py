"""One thread at a time: for objects whose methods share state that no two may change at once."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import RLock


class TakesTurns(Protocol):
    """An object with a lock for its methods."""

    _turn: RLock


_Self = TypeVar("_Self", bound=TakesTurns)
_Args = ParamSpec("_Args")
_Answer = TypeVar("_Answer")


def in_turn(
    method: Callable[Concatenate[_Self, _Args], _Answer],
) -> Callable[Concatenate[_Self, _Args], _Answer]:
    """Let one thread at a time into the methods of one object that are so marked."""

    @wraps(method)
    def taking_turns(self: _Self, /, *args: _Args.args, **named: _Args.kwargs) -> _Answer:
        with self._turn:
            return method(self, *args, **named)

    return taking_turns
