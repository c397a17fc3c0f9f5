"""The backend ``hf:PATH_OR_NAME``: a causal language model run in this process by transformers.

Answers are greedy, and under a schema every step is masked by llguidance, which compiles the
schema once per call. Weights come as safetensors, in bfloat16 on a GPU (4 bits a weight where
bitsandbytes is installed) and in float32 on a CPU. A name is looked up in the local cache of
models; it is fetched only with ``--online``.
"""

from __future__ import annotations

import gc
import importlib.util
import json
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from assistant.llm.base import Completion
from ingest.errors import BackendError, MissingDependencyError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from assistant.llm.base import Message, Schema

#: Where a model does not say how long its context is.
CONTEXT_TOKENS: Final = 4096
_SHOWN: Final = 200  # characters of an engine's message


class TransformersBackend:
    """Run one causal model; calls from several threads wait for each other."""

    name = "transformers"

    def __init__(self, source: str, *, online: bool = False) -> None:
        """Load the model and its tokenizer.

        Raises:
            UserError: They cannot be loaded, or have no chat template.
            MissingDependencyError: llguidance is absent.
        """
        self.model = source.rstrip("/").rpartition("/")[2]
        self._lock = Lock()
        self._tokenizer, self._network = _loaded(source, online=online)
        if not self._tokenizer.chat_template:
            hint = "Choose a model that was tuned to answer (an 'Instruct' or 'chat' one)"
            raise UserError("the model has no chat template", where=source, hint=hint)
        self._grammar_tokens = _grammar_tokens(self._tokenizer, self._network)

    def generate(
        self,
        messages: Sequence[Message],
        schema: Schema | None = None,
        *,
        max_tokens: int = 512,
        seed: int = 0,
    ) -> Completion:
        """Return the model's answer; greedy, so the seed changes nothing.

        Raises:
            BackendError: The prompt is too long, the schema cannot be used, or the engine fails.
        """
        del seed
        with self._lock:
            if self._network is None:
                raise BackendError("the model is closed", where=self.model)
            masks = [] if schema is None else [self._mask(schema)]
            prompt = self._prompt(messages, max_tokens)
            try:
                tokens = self._decoded(prompt, masks, max_tokens)
            except (RuntimeError, ValueError, IndexError) as error:
                what = f"the model failed: {' '.join(str(error).split())[:_SHOWN]}"
                raise BackendError(what, where=self.model) from error
        return self._completion(tokens, len(prompt["input_ids"][0]), max_tokens)

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        with self._lock:
            self._network = None
        gc.collect()

    def _prompt(self, messages: Sequence[Message], max_tokens: int) -> Any:  # noqa: ANN401 - the library has no types
        turns = [{"role": turn.role, "content": turn.content} for turn in messages]
        prompt = self._tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_dict=True, return_tensors="pt"
        )
        room = getattr(self._network.config, "max_position_embeddings", None) or CONTEXT_TOKENS
        length = prompt["input_ids"].shape[1]
        if length + max_tokens > room:
            what = (
                f"{length:,} tokens of prompt and {max_tokens:,} of answer do not fit into the "
                f"model's context of {room:,}"
            )
            raise BackendError(what, where=self.model, hint="Give it less evidence")
        return prompt.to(self._network.device)

    def _decoded(self, prompt: Any, masks: list[Any], max_tokens: int) -> list[int]:  # noqa: ANN401 - as above
        import torch

        with torch.inference_mode():
            found = self._network.generate(
                **prompt,
                do_sample=False,
                max_new_tokens=max_tokens,
                logits_processor=masks,
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id,
            )
        tokens: list[int] = found[0, prompt["input_ids"].shape[1] :].tolist()
        return tokens

    def _completion(self, tokens: list[int], asked: int, max_tokens: int) -> Completion:
        ends = self._network.generation_config.eos_token_id if self._network else None
        stops = set(ends if isinstance(ends, list) else [ends, self._tokenizer.eos_token_id])
        is_cut = len(tokens) >= max_tokens and tokens[-1] not in stops
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        usage = {"prompt_tokens": asked, "completion_tokens": len(tokens)}
        return Completion(text, self.model, truncated=is_cut, usage=usage)

    def _mask(self, schema: Schema) -> _SchemaMask:
        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(
            json.dumps(schema), overrides={"whitespace_flexible": False}
        )
        matcher = LLMatcher(self._grammar_tokens, grammar)
        if matcher.is_error():
            what = f"the schema cannot be used: {matcher.get_error()[:_SHOWN]}"
            raise BackendError(what, where=self.model)
        return _SchemaMask(matcher, self._grammar_tokens.vocab_size, self.model)


class _SchemaMask:
    """Allow at each step only tokens that keep the answer within the schema."""

    def __init__(self, matcher: Any, vocabulary: int, model: str) -> None:  # noqa: ANN401 - the library has no types
        from llguidance.numpy import allocate_token_bitmask

        self._matcher = matcher
        self._mask = allocate_token_bitmask(1, vocabulary)
        self._model = model
        self._seen = -1

    def __call__(self, tokens: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Mask the scores of the one sequence; shape (1, vocabulary).

        Raises:
            BackendError: The matcher stopped on an error.
        """
        import numpy as np
        import torch
        from llguidance.numpy import apply_token_bitmask_inplace, fill_next_token_bitmask

        if self._seen >= 0:
            self._matcher.consume_tokens(tokens[0, self._seen :].tolist())
        self._seen = tokens.shape[1]
        if self._matcher.is_error():
            raise BackendError("decoding left the schema", where=self._model)
        fill_next_token_bitmask(self._matcher, self._mask, 0)
        # The numpy path: the torch one compiles itself at run time, slower on a CPU.
        plain = np.ascontiguousarray(scores.float().cpu().numpy())
        apply_token_bitmask_inplace(plain, self._mask)
        return torch.from_numpy(plain).to(scores.device, scores.dtype)


def hf(argument: str, *, online: bool, threads: int) -> TransformersBackend:
    """Load a model of the Hugging Face layout from a folder or by name.

    Raises:
        UserError: Nothing stands after ``hf:``, or the model cannot be loaded.
    """
    from retrieval.threads import set_threads

    if not argument:
        raise UserError("hf needs a model", where="--llm", hint="Use hf:PATH or hf:NAME")
    set_threads(threads)
    return TransformersBackend(argument, online=online)


def _loaded(source: str, *, online: bool) -> tuple[Any, Any]:
    """Load tokenizer and model.

    Raises:
        UserError: One of them cannot be loaded.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library has no types here
    options = {"trust_remote_code": False, "local_files_only": not online}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        network = AutoModelForCausalLM.from_pretrained(
            source, use_safetensors=True, **options, **_precision()
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        hint = "Name a folder with config.json, tokenizer.json and model.safetensors"
        hint += "" if online else "; a name is fetched only with --online"
        what = f"the model cannot be loaded: {' '.join(str(error).split())[:_SHOWN]}"
        raise UserError(what, where=source, hint=hint) from error
    network.eval()  # type: ignore[no-untyped-call]  # the library has no types here
    return tokenizer, network


def _precision() -> dict[str, Any]:
    """Choose how weights are held: 4 bits or bfloat16 on a GPU, float32 on a CPU."""
    import torch

    if not torch.cuda.is_available():
        return {"dtype": torch.float32}
    chosen: dict[str, Any] = {"dtype": torch.bfloat16, "device_map": "cuda"}
    if importlib.util.find_spec("bitsandbytes"):
        from transformers import BitsAndBytesConfig

        in_four_bits = {"load_in_4bit": True, "bnb_4bit_compute_dtype": torch.bfloat16}
        chosen["quantization_config"] = BitsAndBytesConfig(**in_four_bits)  # type: ignore[no-untyped-call]  # as above
    return chosen


def _grammar_tokens(tokenizer: Any, network: Any) -> Any:  # noqa: ANN401 - the libraries have no types
    """Bring the tokenizer's vocabulary to llguidance.

    Raises:
        MissingDependencyError: llguidance is absent.
        UserError: The tokenizer is a slow one.
    """
    try:
        from llguidance.hf import from_tokenizer
    except ImportError as error:
        hint = "Run: pip install 'metalumen[hf]'"
        raise MissingDependencyError("llguidance is missing", hint=hint) from error
    if not tokenizer.is_fast:
        raise UserError("the model's tokenizer has no tokenizer.json", where="--llm")
    return from_tokenizer(tokenizer, n_vocab=network.get_output_embeddings().weight.shape[0])
