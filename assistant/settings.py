"""Settings: one small model, filled from flags, then the environment, then defaults."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, Field

from assistant.llm.openai_compatible import TIMEOUT_SECONDS
from retrieval.aligners import DEFAULT_ALIGNER
from retrieval.threads import available_cores

ENVIRONMENT_PREFIX = "METALUMEN_"


class Settings(BaseModel):
    """What a call of the program may choose.

    Every field can be set by an environment variable with the prefix ``METALUMEN_``, for
    example ``METALUMEN_THREADS=4``; a flag on the command line wins.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    llm: str = "none"
    aligner: str = DEFAULT_ALIGNER
    entailment: str = Field(
        default="", description="Folder of a model that judges claims; empty: a rule on words"
    )
    llm_timeout: float = Field(
        default=TIMEOUT_SECONDS, gt=0, description="Seconds that a model's server may be silent"
    )
    llm_cache: bool = Field(default=True, description="Keep answers: a second run asks nothing")
    search_cache: bool = Field(
        default=True, description="Keep what sequence searches find: a second run searches nothing"
    )
    threads: int = Field(default_factory=available_cores, ge=1)
    seed: int = 0
    online: bool = False
    reviewer: str = ""
    email: str = Field(default="", description="For literature services, which ask who asks")
    ncbi_api_key: str = Field(default="", repr=False)
    service_address: str = Field(default="", description="A mirror of a literature service, local")
    prompt_columns: str = Field(
        default="", description="Metadata columns that may stand in prompts, parted by commas"
    )
    review_database: str = Field(default="", description="SQLAlchemy URL; empty: in the run folder")


def listed(text: str) -> tuple[str, ...]:
    """Part a setting at its commas.

    >>> listed("diet, age,")
    ('diet', 'age')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def load_settings(**flags: object) -> Settings:
    """Merge flags over the environment; a flag that is None was not given.

    Raises:
        pydantic.ValidationError: A value has the wrong type (mapped to exit code 2).
    """
    names = Settings.model_fields
    values: dict[str, object] = {
        name: os.environ[ENVIRONMENT_PREFIX + name.upper()]
        for name in names
        if ENVIRONMENT_PREFIX + name.upper() in os.environ
    }
    values.update({name: value for name, value in flags.items() if value is not None})
    return Settings.model_validate(values)
