"""A JSON document that is read as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ingest.errors import FormatError

if TYPE_CHECKING:
    from typing import TextIO

    from ingest.readers.base import Source


def document_of(handle: TextIO, source: Source) -> Any:  # noqa: ANN401 - whatever stands in it
    """Read the document.

    Raises:
        FormatError: The text is no JSON, or nested too deeply.
    """
    try:
        return json.load(handle)
    except (ValueError, RecursionError) as error:
        what = f"the JSON is damaged or cut short ({error})"
        hint = "Make or download the file again"
        raise FormatError(what[:300], path_name=source.path_name, hint=hint) from error
