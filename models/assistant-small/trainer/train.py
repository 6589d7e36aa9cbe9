"""One training stage, bounded by time. Every stage draws fresh data; `--resume` continues from an earlier stage.

    python3 -m trainer.train --run run --seed 1 --minutes 20
"""
import argparse
import json
import math
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch.nn import functional as F

from .config import ModelConfig
from .conversation import Sampler
from .data import Batch, Stream
from .holdout import Holdout
from .model import Assistant, load_checkpoint, save_checkpoint
from .optimizer import Optimizers
from .tokenizer import Tokenizer

VOCABULARY, SPACE_MERGES = 1024, 260
EMA = 0.99


def make_tokenizer(run: Path, sampler: Sampler, seed: int) -> Tokenizer:
    """Loads the run's tokenizer or learns it from a first sample of conversations."""
    if (run / "tokenizer.json").exists():
        return Tokenizer.load(run)
    rng = random.Random(seed)
    texts = [sampler.exchange(rng).user for _ in range(60_000)]
    texts += ["".join(text for text, _ in sampler.conversation(rng)) for _ in range(1_500)]
    tokenizer = Tokenizer.train(texts, VOCABULARY, SPACE_MERGES)
    tokenizer.save(run)
    return tokenizer


def learning_rate(progress: float, step: int, arguments) -> float:
    """Warm-up by steps, then constant, then down to a twentieth over the last part of the stage."""
    rate = arguments.rate * min(1.0, (step + 1) / arguments.warmup)
    start = 1 - arguments.decay
    if progress > start:
        rate *= 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - start) / arguments.decay)))
    return rate


def loss_of(model: Assistant, batch: Batch) -> torch.Tensor:
    """Cross entropy of the assistant's tokens; logits are computed only there."""
    if batch.common.numel():
        cache: list = []
        model(batch.common, cache)
        hidden = model(batch.ids, cache)
    else:
        hidden = model(batch.ids)
    chosen = hidden.reshape(-1, hidden.shape[-1]).index_select(0, batch.positions)
    return F.cross_entropy(model.logits(chosen), batch.targets)


def gradients(model: Assistant, batch: Batch) -> tuple[float, list[torch.Tensor]]:
    loss = loss_of(model, batch)
    return loss.item(), list(torch.autograd.grad(loss, list(model.parameters())))


def set_gradients(model: Assistant, parts: list[list[torch.Tensor]]) -> None:
    """Averages the workers' gradients into the model."""
    total = parts[0]
    for part in parts[1:]:
        torch._foreach_add_(total, part)
    torch._foreach_div_(total, float(len(parts)))
    for parameter, gradient in zip(model.parameters(), total):
        parameter.grad = gradient
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of checkpoints, tokenizer and log")
    parser.add_argument("--resume", action="store_true", help="continue from the run's last checkpoint")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warmup", type=int, default=200, help="steps")
    parser.add_argument("--decay", type=float, default=0.0, help="share of the stage over which the rate falls")
    parser.add_argument("--copies", type=float, default=0.0, help="share of copy rows at the start, falling to none half way")
    parser.add_argument("--batch-tokens", type=int, default=1536)
    parser.add_argument("--workers", type=int, default=2, help="threads, each with its own batch per step")
    arguments = parser.parse_args()
    # Whole batches in parallel beat threads inside every small product, above all on a machine that others use as well.
    torch.set_num_threads(1)
    pool = ThreadPoolExecutor(arguments.workers)
    torch.manual_seed(arguments.seed)
    arguments.run.mkdir(parents=True, exist_ok=True)
    sampler = Sampler(Holdout())
    tokenizer = make_tokenizer(arguments.run, sampler, arguments.seed)
    last = arguments.run / "last.pt"
    if arguments.resume:
        model, saved = load_checkpoint(last)
        total, step = saved["tokens"], saved["step"]
    else:
        model, saved = Assistant(ModelConfig(vocabulary=len(tokenizer.tokens))), {}
        total, step = 0, 0
    optimizer = Optimizers(model)
    if "optimizer" in saved:
        optimizer.load_state_dict(saved["optimizer"])
    average = {k: v.clone() for k, v in saved.get("average", model.state_dict()).items()}
    averaged, current = list(average.values()), list(model.state_dict().values())
    stream = Stream(sampler, tokenizer, arguments.seed * 7919 + 13, arguments.batch_tokens)
    stream.copy_share = arguments.copies
    print(f"{model.parameter_count():,} parameters, {len(tokenizer.tokens)} tokens of vocabulary", flush=True)

    def save(smooth: float) -> None:
        save_checkpoint(last, model, optimizer=optimizer.state_dict(), average=average, tokens=total, step=step)
        model_copy = Assistant(model.config)
        model_copy.load_state_dict(average)
        save_checkpoint(arguments.run / "average.pt", model_copy, tokens=total, step=step)
        entry = {"seed": arguments.seed, "minutes": round((time.time() - begin) / 60, 1), "step": step, "tokens": total,
                 "loss": round(smooth, 4), "rate": rate}
        with open(arguments.run / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")

    begin = spoke = time.time()
    first_step, first_tokens, smooth, rate = step, total, 0.0, 0.0
    batches = iter(stream)
    while True:
        progress = (time.time() - begin) / 60 / arguments.minutes
        if progress >= 1:
            break
        stream.copy_share = arguments.copies * max(0.0, 1 - 2 * progress)
        rate = learning_rate(progress, step - first_step, arguments)
        optimizer.set_rate(rate)
        work = [next(batches) for _ in range(arguments.workers)]
        done = list(pool.map(lambda batch: gradients(model, batch), work))
        set_gradients(model, [g for _, g in done])
        optimizer.step(pool)
        step += 1
        total += sum(batch.tokens for batch in work)
        keep = min(EMA, (step + 1) / (step + 10))
        torch._foreach_mul_(averaged, keep)
        torch._foreach_add_(averaged, current, alpha=1 - keep)
        value = sum(loss for loss, _ in done) / len(done)
        smooth = 0.98 * smooth + 0.02 * value if smooth else value
        if time.time() - spoke > 30:
            spoke = time.time()
            speed = (total - first_tokens) / (spoke - begin)
            print(f"step {step} tokens {total:,} loss {smooth:.4f} speed {speed:.0f}/s copies {stream.copy_share:.2f}", flush=True)
            save(smooth)
    save(smooth)
    print(f"done: {stream.conversations:,} conversations, {step - first_step} steps", flush=True)


if __name__ == "__main__":
    main()
