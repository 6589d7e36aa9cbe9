"""Constants both sides of the format share: special tokens, tool names, fixed answers, network sizes."""
from dataclasses import asdict, dataclass

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>",
            "<tool_response>", "</tool_response>", "<|span|>", "<|/span|>"]
END_OF_TEXT, IM_START, IM_END, CALL, CALL_END, RESPONSE, RESPONSE_END, SPAN, SPAN_END = range(9)
# The tool marks stay visible after decoding, the rest are control tokens.
SPECIAL_FLAGS = [i not in (CALL, CALL_END, RESPONSE, RESPONSE_END) for i in range(len(SPECIALS))]

TOOLS = ["calculator", "clock", "recall", "remember", "search"]  # ordinal order, as the system line lists them

HELLO_ANSWER = "Hello! How can I help you?"
THANKS_ANSWER = "You are welcome!"
BYE_ANSWER = "Goodbye!"
FINE_ANSWER = "I am fine, thank you. How can I help you?"
SMALL_TALK_ANSWERS = [HELLO_ANSWER, THANKS_ANSWER, BYE_ANSWER, FINE_ANSWER]


def refusal(tools: list[str]) -> str:
    """The fixed answer to everything beyond reach, which says what the tools offered can do."""
    if not tools:
        return "I am a small demonstration model without tools here. Connect a larger model for anything else."
    memory = "remember things" if "remember" in tools else "recall what I was told"
    able = [words for names, words in (({"calculator"}, "calculate"), ({"clock"}, "tell the time"), ({"recall", "remember"}, memory),
                                       ({"search"}, "search documents")) if names & set(tools)]
    listed = " and ".join([", ".join(able[:-1]), able[-1]] if len(able) > 1 else able)
    return f"I am a small demonstration model. Here I can {listed}. Connect a larger model for anything else."


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
