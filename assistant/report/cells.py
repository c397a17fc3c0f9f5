"""Text of foreign origin made fit for one cell or one line."""

from __future__ import annotations


def one_line(text: str) -> str:
    r"""Join white space and drop control, format and private characters.

    Bidirectional overrides and zero-width characters are dropped too: they can make a text
    read as another one than it is.

    >>> one_line("a\tb\x00\nc\u202e")
    'a b c'
    """
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Drop what ``one_line`` drops, a space for each control character, and keep all spaces."""
    return text if text.isprintable() else "".join(_kept(character) for character in text)


def number(value: float | None, digits: int = 6) -> str:
    """Write a number to so many significant digits, or "" for none.

    >>> number(0.93), number(1.0), number(None)
    ('0.93', '1', '')
    """
    return "" if value is None else f"{value:.{digits}g}"


def _kept(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() or character.isascii() else ""
