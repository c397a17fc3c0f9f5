"""The one tree of errors that Metalumen raises on purpose.

    MetalumenError                  what, where, what to do; carried as attributes
    ├── UserError                   the input or the call is wrong: exit code 2, no traceback
    │   ├── InputError              a file cannot be used
    │   │   ├── UnknownFormatError       no reader recognises the file
    │   │   └── FormatError         the file breaks its format (path, line, record)
    │   ├── KnowledgeBaseError      the knowledge base cannot be used as asked
    │   │   ├── SchemaMismatchError      made by another version of the schema
    │   │   ├── DamagedFileError         a file does not match the manifest
    │   │   └── EmbedderMismatchError    vectors of another embedder
    │   ├── RunError                a run folder cannot be used as asked
    │   ├── ReviewError             a review decision is not allowed
    │   └── MissingDependencyError       an optional package is absent
    ├── BackendError                a language model failed; the rule-made part is kept
    └── FetchError                  a literature service failed; what was fetched is kept

Only ``assistant.cli`` turns these into exit codes. Library code never prints and never exits.
"""

from __future__ import annotations


class MetalumenError(Exception):
    """Say what happened, where, and what to do.

    Args:
        what: What went wrong, as a sentence without a full stop.
        where: File, line, record id or command that it concerns.
        hint: What the user can do about it.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        """Join the three parts into one line for ``str(error)``."""
        self.what = what
        self.where = where
        self.hint = hint
        parts = [f"{where}: {what}" if where else what, hint]
        super().__init__(". ".join(part for part in parts if part))


class UserError(MetalumenError):
    """The input or the call is wrong; the user can mend it."""


class InputError(UserError):
    """A file is missing, empty or cannot be read."""


class UnknownFormatError(InputError):
    """No reader recognises the file."""


class FormatError(InputError):
    """A file breaks the rules of its format.

    Args:
        what: What is wrong.
        path_name: Base name of the file.
        line: 1-based line number, 0 when unknown.
        record: Id of the record, empty when unknown.
        hint: What the user can do.
    """

    def __init__(
        self, what: str, *, path_name: str = "", line: int = 0, record: str = "", hint: str = ""
    ) -> None:
        """Build ``file, line N, record X`` as the place."""
        self.path_name = path_name
        self.line = line
        self.record = record
        place = [path_name, f"line {line}" if line else "", f"record {record}" if record else ""]
        super().__init__(what, where=", ".join(part for part in place if part), hint=hint)


class KnowledgeBaseError(UserError):
    """The knowledge base cannot be used as asked."""


class SchemaMismatchError(KnowledgeBaseError):
    """The knowledge base was made by another schema version."""


class DamagedFileError(KnowledgeBaseError):
    """A file of the knowledge base does not match its manifest."""


class EmbedderMismatchError(KnowledgeBaseError):
    """The vectors on disk were made by another embedder."""


class RunError(UserError):
    """A run folder cannot be used as asked."""


class ReviewError(UserError):
    """A review decision is not allowed."""


class MissingDependencyError(UserError):
    """An optional package is not installed."""


class BackendError(MetalumenError):
    """A language model failed to answer as asked."""


class ServerDownError(BackendError):
    """A model's server is gone, hangs, or sends no answers: other prompts would fare no better."""


class FetchError(MetalumenError):
    """A literature service cannot be reached, or gives no whole answer."""
