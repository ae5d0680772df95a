"""A generator on this machine: a causal language model from a folder, by transformers.

Nothing is downloaded and no code of the folder is run: safetensors alone, no remote code.
Weights of four bits a number are used where they are asked for; bitsandbytes makes them.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from threading import Event, Thread
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)

from consult.language.generators.prompt import (
    GeneratorFailed,
    Prompt,
    messages,
    plainly,
)

STOP_WAIT_S = 10.0
LONGEST_PROMPT = 8_192


class _Until(StoppingCriteria):
    """Stops between two tokens: at the deadline, or when nobody listens any more."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until
        self.is_left = Event()

    # Any: the signature of transformers
    def __call__(self, input_ids: Any, scores: Any, **_more: Any) -> Any:
        is_over = self.is_left.is_set() or time.monotonic() >= self.until
        return torch.full(
            (input_ids.shape[0],), is_over, dtype=torch.bool, device=input_ids.device
        )


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model and its tokenizer, loaded once a process.

    Attributes:
        model, tokenizer: As transformers loads them.
        most_tokens: How long a draft may be.
        silence_s: How long one token may take.
    """

    model: Any  # Any: transformers has no type for every model
    tokenizer: Any  # Any: as above
    most_tokens: int = 500
    silence_s: float = 30.0

    def stream(self, prompt: Prompt, *, deadline_s: float) -> Iterator[str]:
        """Yield the draft as it is written; end within the deadline.

        Raises:
            GeneratorFailed: The model failed or was late.
        """
        stopping = _Until(time.monotonic() + deadline_s)
        streamer = TextIteratorStreamer(
            self.tokenizer,
            skip_prompt=True,
            skip_special_tokens=True,
            timeout=min(self.silence_s, deadline_s),
        )
        failures: list[BaseException] = []
        arguments = (self._asked(prompt), streamer, stopping, failures)
        writer = Thread(target=self._write, args=arguments, daemon=True)
        writer.start()
        try:
            yield from streamer
        except Empty as error:
            is_late = time.monotonic() >= stopping.until
            raise GeneratorFailed("late" if is_late else "silent") from error
        finally:
            stopping.is_left.set()
            writer.join(STOP_WAIT_S)
        if failures:
            name = type(failures[0]).__name__
            raise GeneratorFailed("broken", name) from failures[0]
        if time.monotonic() >= stopping.until:
            raise GeneratorFailed("late")

    def _asked(self, prompt: Prompt) -> Any:  # Any: tensors by name
        said = messages(prompt)
        if self.tokenizer.chat_template:
            text = self.tokenizer.apply_chat_template(
                said, tokenize=False, add_generation_prompt=True
            )
        else:
            end = self.tokenizer.eos_token or ""
            text = "".join(plainly(**each, end=end) for each in said) + "assistant:"
        longest = getattr(self.model.config, "max_position_embeddings", LONGEST_PROMPT)
        room = min(longest, LONGEST_PROMPT) - self.most_tokens
        encoded = self.tokenizer(text, return_tensors="pt")
        if encoded["input_ids"].shape[1] > room:
            raise GeneratorFailed("broken", "the passages are too long for the model")
        return {name: value.to(self.model.device) for name, value in encoded.items()}

    def _write(
        self,
        asked: Any,  # Any: tensors by name
        streamer: TextIteratorStreamer,
        stopping: _Until,
        failures: list[BaseException],
    ) -> None:
        try:
            self.model.generate(
                **asked,
                streamer=streamer,
                stopping_criteria=StoppingCriteriaList([stopping]),
                max_new_tokens=self.most_tokens,
                do_sample=False,
                pad_token_id=self.tokenizer.eos_token_id,
            )
        except Exception as error:  # noqa: BLE001 (told to the listening thread)
            failures.append(error)
            streamer.text_queue.put(streamer.stop_signal)


def load_local(
    folder: Path,
    *,
    adapter: Path | None = None,
    is_four_bit: bool = False,
    most_tokens: int = 500,
) -> LocalModel:
    """Return the model of a folder, with an adapter of ours over it where there is one.

    Args:
        folder: Configuration, tokenizer and safetensors.
        adapter: The sealed folder of an adapter.
        is_four_bit: Whether the weights take a quarter of their room; needs bitsandbytes.
        most_tokens: How long a draft may be.

    Raises:
        GeneratorFailed: The folder holds no model that can be loaded so.
    """
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    if is_four_bit:
        quantized: Any = BitsAndBytesConfig  # Any: its signature has no types
        options["quantization_config"] = quantized(load_in_4bit=True)
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, use_safetensors=True, dtype="auto", **options
        )
        if adapter is not None:
            model.load_adapter(str(adapter))
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise GeneratorFailed("broken", f"no model in {folder}") from error
    if torch.cuda.is_available() and not is_four_bit:
        model = model.to("cuda")
    return LocalModel(model.eval(), tokenizer, most_tokens=most_tokens)
