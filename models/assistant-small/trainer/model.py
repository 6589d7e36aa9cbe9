"""The network: a llama-like decoder (RMSNorm, rotary positions, grouped-query attention, SwiGLU) small enough for a CPU."""
import math

import torch
from torch import nn
from torch.nn import functional as F

from .config import ModelConfig


def rotary_tables(config: ModelConfig) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosine and sine of every position and frequency, [positions, head_size / 2], as the ONNX graph stores them."""
    half = config.head_size // 2
    frequency = config.rope_theta ** (-torch.arange(half, dtype=torch.float64) * 2 / config.head_size)
    angle = torch.arange(config.max_positions, dtype=torch.float64)[:, None] * frequency
    return angle.cos().float(), angle.sin().float()


def rms_norm(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


class Layer(nn.Module):
    """Attention and feed-forward weights; q, k, v and gate, up are stored joined because one big product is faster."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        inner, kv = config.heads * config.head_size, config.kv_heads * config.head_size
        std = 0.02 * math.sqrt(512 / config.width)
        small = std / math.sqrt(2 * config.layers)  # residual outputs start small so that depth does not add up
        self.norm1 = nn.Parameter(torch.ones(config.width))
        self.norm2 = nn.Parameter(torch.ones(config.width))
        self.qkv = nn.Parameter(torch.randn(inner + 2 * kv, config.width) * std)
        self.out = nn.Parameter(torch.randn(config.width, inner) * small)
        self.gate_up = nn.Parameter(torch.randn(2 * config.hidden, config.width) * std)
        self.down = nn.Parameter(torch.randn(config.width, config.hidden) * small)


class Assistant(nn.Module):
    """Returns hidden states; the caller multiplies with the embedding only where it needs logits."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        self.embedding = nn.Parameter(torch.randn(config.vocabulary, config.width) * 0.02 * math.sqrt(512 / config.width))
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.Parameter(torch.ones(config.width))
        cos, sin = rotary_tables(config)
        self.register_buffer("cos", torch.cat((cos, cos), 1)[:, None], persistent=False)
        self.register_buffer("sin", torch.cat((sin, sin), 1)[:, None], persistent=False)
        half = config.head_size // 2
        swap = torch.eye(config.head_size).roll(half, 0)
        swap[half:] *= -1
        self.register_buffer("swap", swap, persistent=False)

    def _rotate(self, x: torch.Tensor, start: int) -> torch.Tensor:
        """Rotates [batch, length, heads, head_size] by its positions (halves, not pairs).

        The halves change places in a product with a signed permutation: joining slices took a third of a step's time.
        """
        length = x.shape[1]
        return x * self.cos[start:start + length] + (x @ self.swap) * self.sin[start:start + length]

    def forward(self, ids: torch.Tensor, cache: list | None = None) -> torch.Tensor:
        """Hidden states [batch, length, width]. A cache (a list, empty at first) keeps keys and values between calls."""
        c = self.config
        batch, length = ids.shape
        groups = c.heads // c.kv_heads
        start = cache[0][0].shape[2] if cache else 0
        mask = torch.full((length, start + length), float("-inf"), device=ids.device).triu(start + 1)
        x = F.embedding(ids, self.embedding)
        for index, layer in enumerate(self.layers):
            h = F.linear(rms_norm(x, layer.norm1, c.epsilon), layer.qkv)
            h = h.view(batch, length, c.heads + 2 * c.kv_heads, c.head_size)
            qk = self._rotate(h[:, :, :c.heads + c.kv_heads], start).transpose(1, 2)
            q, k, v = qk[:, :c.heads], qk[:, c.heads:], h[:, :, c.heads + c.kv_heads:].transpose(1, 2)
            if cache is not None:
                if len(cache) > index:
                    # One row of cache serves all rows: training computes a common beginning once.
                    k, v = (torch.cat((old.expand(batch, -1, -1, -1), new.contiguous()), 2) for old, new in zip(cache[index], (k, v)))
                    cache[index] = (k, v)
                else:
                    cache.append((k, v))
            # The query heads of one group share a key head: stack them along the length instead of copying keys.
            q = q.reshape(batch, c.kv_heads, groups * length, c.head_size) * (c.head_size ** -0.5)
            scores = (q @ k.transpose(2, 3)).view(batch, c.kv_heads, groups, length, -1) + mask
            mixed = scores.softmax(-1).view(batch, c.kv_heads, groups * length, -1) @ v
            mixed = mixed.view(batch, c.heads, length, c.head_size).transpose(1, 2).reshape(batch, length, -1)
            x = x + F.linear(mixed, layer.out)
            gate, up = F.linear(rms_norm(x, layer.norm2, c.epsilon), layer.gate_up).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, layer.down)
        return rms_norm(x, self.norm, c.epsilon)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.linear(hidden, self.embedding)

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())


def save_checkpoint(path, model: Assistant, **extra) -> None:
    """Weights, sizes and whatever the caller wants to resume from, written so that a crash leaves the old file whole."""
    partial = path.with_suffix(".partial")
    torch.save({"config": model.config.to_dict(), "weights": model.state_dict(), **extra}, partial)
    partial.replace(path)


def load_checkpoint(path) -> tuple[Assistant, dict]:
    saved = torch.load(path, map_location="cpu")
    model = Assistant(ModelConfig(**saved["config"]))
    model.load_state_dict(saved["weights"])
    return model, saved
