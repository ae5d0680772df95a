"""A causal model from a folder: a tiny one of random weights, made here."""

from pathlib import Path

import pytest

from consult.language.generators import GeneratorFailed, Prompt

# The first to load torch and transformers waits for the disk, and for other programs.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of two layers that knows single characters."""
    import torch  # noqa: PLC0415
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast  # noqa: PLC0415

    torch.set_num_threads(1)
    torch.manual_seed(7)
    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {sign: number for number, sign in enumerate(["<eos>", *signs])}
    plain = Tokenizer(models.BPE(vocabulary, []))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, eos_token="<eos>")
    tokenizer.chat_template = TEMPLATE
    config = GPT2Config(
        vocab_size=len(vocabulary),
        n_positions=4096,
        n_embd=16,
        n_layer=2,
        n_head=2,
        bos_token_id=0,
        eos_token_id=0,
    )
    path = tmp_path_factory.mktemp("tiny")
    GPT2LMHeadModel(config).save_pretrained(path, safe_serialization=True)
    tokenizer.save_pretrained(path)
    return path


def test_a_local_model_is_streamed_and_what_it_babbles_is_not_said(
    folder: Path, prompt: Prompt
) -> None:
    from consult.language.generators.local import load_local  # noqa: PLC0415
    from consult.language.spoken import spoken  # noqa: PLC0415

    model = load_local(folder, most_tokens=24)

    pieces = list(model.stream(prompt, deadline_s=60))

    assert "".join(pieces)
    assert pieces == list(model.stream(prompt, deadline_s=60))
    with pytest.raises(GeneratorFailed):
        list(spoken(prompt, model))


def test_a_local_model_ends_at_its_deadline_and_when_nobody_listens(
    folder: Path, prompt: Prompt
) -> None:
    from consult.language.generators.local import load_local  # noqa: PLC0415

    model = load_local(folder, most_tokens=2000)

    for deadline_s in (0.0, 0.3):  # before the first word, and perhaps within them
        with pytest.raises(GeneratorFailed, match="late"):
            list(model.stream(prompt, deadline_s=deadline_s))
    stream = model.stream(prompt, deadline_s=60)
    next(stream)
    stream.close()  # joins the writing thread, which stops between two tokens


def test_a_folder_without_a_safe_model_is_refused(tmp_path: Path) -> None:
    from consult.language.generators.local import load_local  # noqa: PLC0415

    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x02.")

    with pytest.raises(GeneratorFailed, match="broken"):
        load_local(tmp_path)
