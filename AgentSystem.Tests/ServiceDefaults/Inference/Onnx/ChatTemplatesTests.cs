using AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class ChatTemplatesTests
{
    private static readonly ChatMessage[] Conversation =
    [
        new(ChatRole.System, "Be brief."),
        new(ChatRole.User, "Where is my key?"),
        new(ChatRole.Assistant, [new FunctionCallContent("1", "recall", new Dictionary<string, object?> { ["subject"] = "my key" })]),
        new(ChatRole.Tool, [new FunctionResultContent("1", "under the mat")]),
    ];

    private static readonly AIFunctionDeclaration Tool = TestTools.Declare("recall", """{"type":"object"}""");

    private const string Declaration = """{"name": "recall", "description": "The recall.", "parameters": {"type": "object"}}""";

    [Fact]
    public void ToolNames_Conversation_ShowsNamesAndLeavesInstructionsOut() => Assert.Equal(
        "<|im_start|>system\nTools: calculator, recall<|im_end|>\n<|im_start|>user\nWhere is my key?<|im_end|>\n"
        + "<|im_start|>assistant\n<tool_call>\n{\"name\": \"recall\", \"arguments\": {\"subject\": \"my key\"}}\n</tool_call><|im_end|>\n"
        + "<|im_start|>user\n<tool_response>\nunder the mat\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
        Render(new ToolNamesTemplate(), Tool, TestTools.Calculator));

    [Fact]
    public void ChatML_Conversation_IsWrittenAsQwenDoes() => Assert.Equal(
        "<|im_start|>system\nBe brief.\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        + "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
        + $"{{\"type\": \"function\", \"function\": {Declaration}}}\n</tools>\n\n"
        + "For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n"
        + "<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n"
        + "<|im_start|>user\nWhere is my key?<|im_end|>\n"
        + "<|im_start|>assistant\n<tool_call>\n{\"name\": \"recall\", \"arguments\": {\"subject\": \"my key\"}}\n</tool_call><|im_end|>\n"
        + "<|im_start|>user\n<tool_response>\nunder the mat\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
        Render(Recognise("<|im_start|>"), Tool));

    [Fact]
    public void Phi_Conversation_IsWrittenAsPhi4MiniDoes() => Assert.Equal(
        $"<|system|>Be brief.<|tool|>[{Declaration}]<|/tool|><|end|><|user|>Where is my key?<|end|>"
        + "<|assistant|><|tool_call|>[{\"name\": \"recall\", \"arguments\": {\"subject\": \"my key\"}}]<|/tool_call|><|end|>"
        + "<|tool_response|>under the mat<|end|><|assistant|>",
        Render(Recognise("<|assistant|><|end|><|tool|>"), Tool));

    [Fact]
    public void Llama_Conversation_HasHeadersAndBareCalls()
    {
        var text = Render(Recognise("<|start_header_id|>"), Tool);
        Assert.StartsWith("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.\n\nYou have access", text, StringComparison.Ordinal);
        Assert.EndsWith(
            "<|start_header_id|>assistant<|end_header_id|>\n\n{\"name\": \"recall\", \"parameters\": {\"subject\": \"my key\"}}<|eot_id|>"
            + "<|start_header_id|>ipython<|end_header_id|>\n\nunder the mat<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[INST]")]
    [InlineData("<|im_start|>user<|im_sep|>")]
    [InlineData("")]
    public void Recognise_OtherFamily_IsRefused(string template) => Assert.Null(ChatTemplates.Recognise(template));

    [Fact]
    public void Turns_LongHistory_ShowsTheCurrentExchangeAndOneBeforeWithItsCall()
    {
        ChatMessage[] second = [new(ChatRole.User, "second"), .. Conversation[2..], new(ChatRole.Assistant, "two"), new(ChatRole.User, "third")];
        var shown = Shown([new(ChatRole.User, "first"), .. Conversation[2..], new(ChatRole.Assistant, "one"), .. second]);
        Assert.DoesNotContain("first", shown, StringComparison.Ordinal);
        Assert.Contains("second", shown, StringComparison.Ordinal);
        Assert.Contains("third", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Turns_EarlierExchangeWithoutACall_IsShownToo()
    {
        var shown = Shown([new(ChatRole.User, "first"), new(ChatRole.Assistant, "one"), new(ChatRole.User, "second"), new(ChatRole.Assistant, "two"), new(ChatRole.User, "third")]);
        Assert.DoesNotContain("first", shown, StringComparison.Ordinal);
        Assert.Contains("second", shown, StringComparison.Ordinal);
        Assert.Contains("third", shown, StringComparison.Ordinal);
    }

    private static string Shown(ChatMessage[] messages) => System.Text.Encoding.UTF8.GetString(
        [.. TestModels.Text(1024).Turns.Build(messages, null).Prompt.SelectMany(id => TestModels.Tokenizer.Bytes(id) ?? [])]);

    private static IChatTemplate Recognise(string marks) => ChatTemplates.Recognise(marks)!;

    private static string Render(IChatTemplate template, params AIFunctionDeclaration[] tools) =>
        string.Concat(template.Render(Conversation, tools).Parts.Select(part => part.Text));
}
