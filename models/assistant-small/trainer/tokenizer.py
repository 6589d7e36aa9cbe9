"""Byte-level BPE whose merges are ordered so that text copies well, written in the Hugging Face tokenizer.json format.

A word inside a sentence carries a leading space, the same word at the start of a JSON string does not. Ordinary BPE would
split the two differently, and the model would have to learn a mapping between unrelated pieces. Here all merges inside words
come first and the merges that glue the space to a finished piece come last, so both forms share every piece but the first.
"""
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from .config import SPECIALS, SPECIAL_FLAGS


def _byte_symbols() -> list[str]:
    """GPT-2's printable stand-in for each byte."""
    keep = set(range(33, 127)) | set(range(161, 173)) | set(range(174, 256))
    symbols, extra = [], 0
    for byte in range(256):
        symbols.append(chr(byte) if byte in keep else chr(256 + extra))
        extra += byte not in keep
    return symbols


RARE = 8  # rarer words, most of them made up, do not shape the vocabulary
BYTE_SYMBOLS = _byte_symbols()
SYMBOL_BYTES = {s: b for b, s in enumerate(BYTE_SYMBOLS)}
SPACE = BYTE_SYMBOLS[32]


def _unicode_class(major: str) -> str:
    """A regex character class body for a Unicode major category; `re` has no \\p{L}."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == major
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


_L, _N = _unicode_class("L"), _unicode_class("N")
_PRETOKEN = re.compile(rf"'s|'t|'re|'ve|'m|'ll|'d| ?[{_L}]+| ?[{_N}]+| ?[^\s{_L}{_N}]+|\s+(?!\S)|\s+")
_SPECIAL = re.compile("(" + "|".join(map(re.escape, SPECIALS)) + ")")
_SPECIAL_IDS = {s: i for i, s in enumerate(SPECIALS)}


def _symbols(text: str) -> str:
    return "".join(BYTE_SYMBOLS[b] for b in text.encode("utf-8"))


def _pretokens(text: str):
    """Pre-tokens of a text without its special tokens."""
    for part in _SPECIAL.split(text):
        if part not in _SPECIAL_IDS:
            yield from _PRETOKEN.findall(part)


def _merge_word(word: list[str], left: str, right: str) -> list[str]:
    out, i = [], 0
    while i < len(word):
        if i + 1 < len(word) and word[i] == left and word[i + 1] == right:
            out.append(left + right)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out


class Tokenizer:
    """Vocabulary and merges; ids 0-8 are the special tokens, 9-264 the bytes, the rest merges in order."""

    def __init__(self, merges: list[tuple[str, str]]):
        self.merges = merges
        self.tokens = SPECIALS + BYTE_SYMBOLS + [a + b for a, b in merges]
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        self.rank = {m: i for i, m in enumerate(merges)}
        self.bytes = [None if i < len(SPECIALS) else bytes(SYMBOL_BYTES[c] for c in t)
                      for i, t in enumerate(self.tokens)]
        self._cache: dict[str, list[int]] = {}

    @classmethod
    def train(cls, texts, vocabulary: int, space_merges: int) -> "Tokenizer":
        """Learns merges inside words first, then `space_merges` merges of the space with the commonest pieces."""
        counts = Counter(_symbols(p) for text in texts for p in _pretokens(text))
        counts = Counter({w: n for w, n in counts.items() if n >= RARE})
        budget = vocabulary - len(SPECIALS) - 256
        inner: Counter = Counter()
        for word, n in counts.items():
            inner[word[1:] if word[0] == SPACE and len(word) > 1 else word] += n
        merges = cls._inner_merges(inner, budget - space_merges)
        pieces: Counter = Counter()
        partial = cls(merges)
        for word, n in counts.items():
            if word[0] == SPACE and len(word) > 1:
                pieces[partial.tokens[partial._word(word[1:])[0]]] += n
        digits = set("0123456789")
        common = [p for p, _ in sorted(pieces.items(), key=lambda x: (-x[1], x[0])) if p not in digits]
        return cls(merges + [(SPACE, p) for p in common[:space_merges]])

    @staticmethod
    def _inner_merges(words: Counter, count: int) -> list[tuple[str, str]]:
        work = {w: list(w) for w in words if not any(c.isdigit() for c in w)}  # digits never merge
        merges: list[tuple[str, str]] = []
        pairs: Counter = Counter()
        where: dict[tuple[str, str], set[str]] = {}
        for w, parts in work.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[w]
                where.setdefault(pair, set()).add(w)
        known, banned = set(BYTE_SYMBOLS), set()
        while len(merges) < count and pairs:
            best = max((p for p in pairs if p not in banned), key=lambda p: (pairs[p], p), default=None)
            if best is None or pairs[best] <= 0:
                break
            if best[0] + best[1] in known:  # a second way to the same piece would give one token two merges
                banned.add(best)
                continue
            for w in where.pop(best, set()):
                for pair in zip(work[w], work[w][1:]):
                    pairs[pair] -= words[w]
                work[w] = _merge_word(work[w], *best)
                for pair in zip(work[w], work[w][1:]):
                    pairs[pair] += words[w]
                    where.setdefault(pair, set()).add(w)
            del pairs[best]
            known.add(best[0] + best[1])
            merges.append(best)
        return merges

    def _word(self, word: str) -> list[int]:
        found = self._cache.get(word)
        if found is not None:
            return found
        parts = list(word)
        while len(parts) > 1:
            ranked = min((self.rank.get(p, len(self.rank)), p) for p in zip(parts, parts[1:]))
            if ranked[0] == len(self.rank):
                break
            parts = _merge_word(parts, *ranked[1])
        ids = [self.ids[p] for p in parts]
        if len(self._cache) < 200_000:
            self._cache[word] = ids
        return ids

    def encode(self, text: str) -> list[int]:
        """Ids of a text; special tokens written out in it are recognised."""
        out: list[int] = []
        for part in _SPECIAL.split(text):
            if part in _SPECIAL_IDS:
                out.append(_SPECIAL_IDS[part])
            else:
                for pretoken in _PRETOKEN.findall(part):
                    out.extend(self._word(_symbols(pretoken)))
        return out

    def decode(self, ids) -> str:
        """Text of ids, special tokens written out."""
        data = b"".join(SPECIALS[i].encode() if i < len(SPECIALS) else self.bytes[i] for i in ids)
        return data.decode("utf-8", errors="replace")

    def save(self, folder: Path) -> None:
        """Writes tokenizer.json and tokenizer_config.json."""
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        added = [{"id": i, "content": s, "single_word": False, "lstrip": False, "rstrip": False,
                  "normalized": False, "special": SPECIAL_FLAGS[i]} for i, s in enumerate(SPECIALS)]
        model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                 "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                 "vocab": self.ids, "merges": [f"{a} {b}" for a, b in self.merges]}
        document = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
                    "pre_tokenizer": byte_level, "post_processor": None,
                    "decoder": byte_level | {"add_prefix_space": True}, "model": model}
        decoder = {str(i): {k: v for k, v in a.items() if k != "id"} for i, a in enumerate(added)}
        config = {"add_bos_token": False, "add_prefix_space": False, "clean_up_tokenization_spaces": False,
                  "bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None,
                  "model_max_length": 1024, "tokenizer_class": "Qwen2Tokenizer", "chat_template": CHAT_TEMPLATE,
                  "added_tokens_decoder": decoder}
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (("tokenizer.json", document), ("tokenizer_config.json", config)):
            (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Tokenizer":
        model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        tokenizer = cls([tuple(m.split(" ", 1)) for m in model["merges"]])
        if tokenizer.ids != model["vocab"]:
            raise ValueError("tokenizer.json was not written by this trainer")
        return tokenizer


# The system message's own text is not shown to this model: the template writes the tools' names in its place.
CHAT_TEMPLATE = (
    "{%- if tools %}{%- set names = namespace(list=[]) %}{%- for t in tools %}"
    "{%- set names.list = names.list + [t.function.name if t.function is defined else t.name] %}{%- endfor %}"
    "{{- '<|im_start|>system\\nTools: ' + (names.list | sort(case_sensitive=true) | join(', ')) + '<|im_end|>\\n' }}"
    "{%- else %}{{- '<|im_start|>system\\nTools: none<|im_end|>\\n' }}{%- endif %}"
    "{%- for m in messages %}{%- if m.role == 'tool' %}"
    "{{- '<|im_start|>user\\n<tool_response>\\n' + m.content + '\\n</tool_response><|im_end|>\\n' }}"
    "{%- elif m.role == 'assistant' and m.tool_calls %}{{- '<|im_start|>assistant\\n' }}"
    "{%- for c in m.tool_calls %}{%- set f = c.function if c.function is defined else c %}"
    "{{- '<tool_call>\\n{\"name\": \"' + f.name + '\", \"arguments\": ' }}"
    "{{- f.arguments if f.arguments is string else (f.arguments | tojson) }}{{- '}\\n</tool_call>' }}{%- endfor %}"
    "{{- '<|im_end|>\\n' }}"
    "{%- elif m.role != 'system' %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endif %}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
