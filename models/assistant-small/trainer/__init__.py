"""Trainer of the small assistant model: grammar, tokenizer, network, training, export and evaluation."""
