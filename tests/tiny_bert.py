"""A tiny classifier with random weights, in the layout of Hugging Face."""

from __future__ import annotations


def write_classifier(path, labels, words, *, seed=0):
    """Write a tiny model with the classes named, and random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    path.mkdir(exist_ok=True)
    (path / "vocab.txt").write_text("\n".join(words) + "\n")
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(path, safe_serialization=True)
    BertTokenizerFast(vocab=str(path / "vocab.txt")).save_pretrained(path)
    return path
