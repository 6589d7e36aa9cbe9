"""Greedy decoding of one reply, free or held to the format by spans.py; the reference for the engine's decoder."""
import torch

from .config import CALL, CALL_END, END_OF_TEXT, IM_END, SPAN, SPAN_END, SPECIALS
from .model import Assistant
from .spans import Matcher, call_matcher, span_matcher
from .tokenizer import Tokenizer


class Constraint:
    """Follows a reply and says which tokens may come next."""

    def __init__(self, tools: list[str], user: str, response: str | None, token_bytes: list):
        self._tools, self._user, self._response, self._bytes = tools, user, response, token_bytes
        self._matcher: Matcher | None = None
        self._closing = IM_END  # the special token that ends the current part
        self._first, self._after_call = True, False

    def allows(self, token: int) -> bool:
        if self._after_call:
            return token == IM_END
        if token >= len(SPECIALS):
            return self._matcher is None or self._matcher.allows(self._bytes[token])
        if self._matcher is not None:
            return token == self._closing and self._matcher.complete
        if token == CALL:
            return self._first and self._response is None and bool(self._tools)
        if token == SPAN:
            return not self._first
        return token == IM_END and not self._first

    def take(self, token: int) -> None:
        self._first = False
        if token == CALL:
            self._matcher, self._closing = call_matcher(self._tools, self._user), CALL_END
        elif token == SPAN:
            texts = [self._user] if self._response is None else [self._response, self._user]
            self._matcher, self._closing = span_matcher(texts), SPAN_END
        elif token == self._closing and self._matcher is not None:
            self._matcher, self._closing = None, IM_END
            self._after_call = token == CALL_END
        elif self._matcher is not None:
            self._matcher.take(self._bytes[token])


@torch.no_grad()
def generate(model: Assistant, tokenizer: Tokenizer, prompt: list[int], constraint: Constraint | None = None,
             limit: int = 160) -> list[int]:
    """The reply's tokens with the one that ended it. A constraint that allows nothing ends the reply early."""
    cache: list = []
    ids, out = torch.tensor([prompt]), []
    while len(out) < limit:
        logits = model.logits(model(ids, cache)[0, -1])
        token = int(logits.argmax())
        if constraint is not None and not constraint.allows(token):
            token = next((t for t in logits.argsort(descending=True).tolist() if constraint.allows(t)), END_OF_TEXT)
        out.append(token)
        if token in (IM_END, END_OF_TEXT):
            break
        if constraint is not None:
            constraint.take(token)
        ids = torch.tensor([[token]])
    return out
