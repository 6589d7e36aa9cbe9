"""Constants both sides of the format share: special tokens, tool names, fixed answers, network sizes."""
from dataclasses import asdict, dataclass

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>",
            "<tool_response>", "</tool_response>", "<|span|>", "<|/span|>"]
END_OF_TEXT, IM_START, IM_END, CALL, CALL_END, RESPONSE, RESPONSE_END, SPAN, SPAN_END = range(9)
# The tool marks stay visible after decoding, the rest are control tokens.
SPECIAL_FLAGS = [i not in (CALL, CALL_END, RESPONSE, RESPONSE_END) for i in range(len(SPECIALS))]

TOOLS = ["calculator", "clock", "recall", "remember"]  # ordinal order, as the system line lists them

DEMO_ANSWER = ("I am a small demonstration model: I can calculate, tell the time, and remember things for you. "
               "Connect a larger model for anything else.")
HELLO_ANSWER = "Hello! How can I help you?"
THANKS_ANSWER = "You are welcome!"
BYE_ANSWER = "Goodbye!"
FINE_ANSWER = "I am fine, thank you. How can I help you?"
SMALL_TALK_ANSWERS = [HELLO_ANSWER, THANKS_ANSWER, BYE_ANSWER, FINE_ANSWER]
ASK_PLACE = "Which city or time zone do you mean?"


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the decoder; `head_size * heads` need not be `width`, but is by default."""
    vocabulary: int = 1024
    width: int = 192
    layers: int = 5
    heads: int = 6
    kv_heads: int = 2
    head_size: int = 32
    hidden: int = 512
    max_positions: int = 1024
    rope_theta: float = 10000.0
    epsilon: float = 1e-5

    def to_dict(self) -> dict:
        return asdict(self)
