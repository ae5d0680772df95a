"""The encoder written out against the class that its weights come from."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_states_are_those_of_the_class_also_where_texts_are_filled_up() -> None:
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    from hospital.knowledge.retrieval.bert import Bert  # noqa: PLC0415

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=40,
    )
    model = BertModel(config).eval()
    ids = torch.randint(0, 50, (3, 9))
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0

    with torch.inference_mode():
        theirs = model(input_ids=ids, attention_mask=mask).last_hidden_state
        ours = Bert(model).states(ids, mask)

    torch.testing.assert_close(ours[mask == 1], theirs[mask == 1], rtol=0, atol=1e-5)
