"""AdamW for embeddings and norms, orthogonalised momentum ("Muon") for the layers' matrices.

On a budget of a few million tokens orthogonalised updates learn clearly more per token than AdamW alone; their extra cost is
a few small matrix products a step. Updates are scaled to AdamW's usual size, so one learning rate serves both.
"""
import torch


def orthogonal(matrix: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Newton-Schulz iteration towards the nearest (semi-)orthogonal matrix; singular values end up near one."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        gram = x @ x.t()
        x = a * x + torch.addmm(gram, gram, gram, beta=b, alpha=c) @ x
    return x.t() if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised per matrix; `parts` says how many stacked matrices a parameter holds."""

    def __init__(self, groups: list[dict], momentum: float = 0.95, decay: float = 0.05):
        super().__init__(groups, {"lr": 0.0, "momentum": momentum, "decay": decay, "parts": 1})

    def step(self, pool) -> None:
        """Updates all matrices, spread over the pool's threads."""
        list(pool.map(lambda work: self._update(*work), [(g, p) for g in self.param_groups for p in g["params"]]))

    @torch.no_grad()
    def _update(self, group: dict, p: torch.nn.Parameter) -> None:
        state = self.state.setdefault(p, {})
        momentum = state.setdefault("momentum", torch.zeros_like(p))
        momentum.lerp_(p.grad, 1 - group["momentum"])
        update = p.grad.lerp(momentum, group["momentum"])
        p.mul_(1 - group["lr"] * group["decay"])
        for target, part in zip(p.chunk(group["parts"]), update.chunk(group["parts"])):
            target.add_(orthogonal(part), alpha=-group["lr"] * 0.2 * max(part.shape) ** 0.5)


class Optimizers:
    """The two optimizers behind one interface."""

    def __init__(self, model):
        joined = [p for n, p in model.named_parameters() if n.endswith("gate_up")]
        single = [p for n, p in model.named_parameters() if n.endswith((".qkv", ".out", ".down"))]
        other = [p for n, p in model.named_parameters() if n.endswith("embedding") or p.dim() == 1]
        self._muon = Muon([{"params": single}, {"params": joined, "parts": 2}])
        self._adam = torch.optim.AdamW(other, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, foreach=True)

    def set_rate(self, rate: float) -> None:
        for group in self._muon.param_groups + self._adam.param_groups:
            group["lr"] = rate

    def step(self, pool) -> None:
        self._muon.step(pool)
        self._adam.step()

    def state_dict(self) -> dict:
        return {"muon": self._muon.state_dict(), "adam": self._adam.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        if "muon" in state:
            self._muon.load_state_dict(state["muon"])
            self._adam.load_state_dict(state["adam"])
