using System.Text.Json;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calculator;
using Microsoft.Extensions.AI;

namespace AgentSystem.Benchmarks.ModelQuality;

/// <summary>A line of <c>evaluation/test.jsonl</c>. Null arguments: no tool may be called.</summary>
/// <param name="Tools">The tools offered; null: all of them.</param>
/// <param name="History">An exchange before this one, in plain words.</param>
internal sealed record TestSentence(
    string Tool, string User, IReadOnlyDictionary<string, string>? Arguments, IReadOnlyList<string>? Tools = null, EarlierExchange? History = null);

/// <summary>What was said before a test sentence.</summary>
internal sealed record EarlierExchange(string User, string Assistant);

/// <summary>How a model did on one sentence.</summary>
/// <param name="CallIsExact">The right tool with exactly the right arguments, or rightly none.</param>
/// <param name="AnswerIsExact">And the final answer holds the value the tool gave.</param>
/// <param name="Said">The call and the answer as the model wrote them.</param>
internal sealed record SentenceResult(TestSentence Sentence, bool CallIsExact, bool AnswerIsExact, string Said);

/// <summary>Asks a model every sentence of the test set, once for the call and once for the answer to a fixed result.</summary>
internal static class ToolExam
{
    private const string ClockResult = "14:05 on Sunday, 22 November 2026 (Etc/UTC)";
    private const string NoPlace = "no place given";
    private const string AsksForPlace = "Which city or time zone do you mean?";
    private const string SearchResult = "[1] Desk Rules 2025.md: Ask at desk 14 before 9:30, and bring the signed form.\n[2] notes.txt: Nothing of use.";
    private const string SearchAnswer = "Desk Rules 2025.md says: Ask at desk 14 before 9:30, and bring the signed form.";

    private static readonly string[] SmallTalk =
        ["Hello! How can I help you?", "You are welcome!", "Goodbye!", "I am fine, thank you. How can I help you?"];

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    // The declarations of the built-in tools, apart from their descriptions, which the shipped model does not see.
    private static readonly AITool[] Tools =
    [
        Declare("calculator", """{"type":"object","properties":{"expression":{"type":"string","x-copy":"numbers","pattern":"^[0-9.+\\-*/()%^]+$"}},"required":["expression"]}"""),
        Declare("clock", """{"type":"object","properties":{"place":{"type":"string","x-copy":"span"}}}"""),
        Declare("recall", """{"type":"object","properties":{"subject":{"type":"string","x-copy":"span"}},"required":["subject"]}"""),
        Declare("remember", """{"type":"object","properties":{"fact":{"type":"string","x-copy":"span"}},"required":["fact"]}"""),
        Declare("search", """{"type":"object","properties":{"query":{"type":"string","x-copy":"span"}},"required":["query"]}"""),
    ];

    /// <summary>Reads the test set.</summary>
    public static IReadOnlyList<TestSentence> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<TestSentence>(line, Web)!)];

    /// <summary>Asks every sentence, as many at a time as the model has slots.</summary>
    public static async Task<IReadOnlyList<SentenceResult>> AskAsync(IChatClient model, IReadOnlyList<TestSentence> sentences, int atOnce, CancellationToken cancellation)
    {
        var results = new SentenceResult[sentences.Count];
        await Parallel.ForAsync(0, sentences.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation }, async (i, stop) =>
            results[i] = await AskAsync(model, sentences[i], stop));
        return results;
    }

    /// <summary>Percent of exact answers per tool, in the order of the test set.</summary>
    public static IEnumerable<(string Tool, int Sentences, double Calls, double Exact)> Figures(IReadOnlyList<SentenceResult> results) =>
        from result in results
        group result by result.Sentence.Tool into tool
        select (tool.Key, tool.Count(), 100.0 * tool.Count(each => each.CallIsExact) / tool.Count(), 100.0 * tool.Count(each => each.AnswerIsExact) / tool.Count());

    /// <summary>The fixed answer to what is beyond reach: what the tools offered can do.</summary>
    public static string Refusal(IReadOnlyCollection<string> tools)
    {
        string?[] all =
        [
            tools.Contains("calculator") ? "calculate" : null,
            tools.Contains("clock") ? "tell the time" : null,
            tools.Contains("remember") ? "remember things" : tools.Contains("recall") ? "recall what I was told" : null,
            tools.Contains("search") ? "search documents" : null,
        ];
        var able = all.OfType<string>().ToArray();
        var listed = able.Length > 1 ? $"{string.Join(", ", able[..^1])} and {able[^1]}" : string.Concat(able);
        return able.Length == 0
            ? "I am a small demonstration model without tools here. Connect a larger model for anything else."
            : $"I am a small demonstration model. Here I can {listed}. Connect a larger model for anything else.";
    }

    private static async Task<SentenceResult> AskAsync(IChatClient model, TestSentence sentence, CancellationToken cancellation)
    {
        var offered = Tools.Where(tool => sentence.Tools?.Contains(tool.Name) ?? true).ToList();
        var options = new ChatOptions { Tools = offered, MaxOutputTokens = 160 };
        List<ChatMessage> messages = sentence.History is { } earlier ? [new(ChatRole.User, earlier.User), new(ChatRole.Assistant, earlier.Assistant)] : [];
        messages.Add(new ChatMessage(ChatRole.User, sentence.User));
        var first = await model.GetResponseAsync(messages, options, cancellation);
        var call = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault();
        if (sentence.Arguments is null || call is null)
        {
            var right = sentence.Arguments is null && call is null && (SmallTalk.Contains(first.Text) || first.Text == Refusal([.. offered.Select(tool => tool.Name)]));
            return new SentenceResult(sentence, right, right, call is null ? first.Text : Show(call));
        }

        if (call.Name != sentence.Tool || !IsSame(call.Arguments!, sentence.Arguments))
        {
            return new SentenceResult(sentence, false, false, Show(call));
        }

        var (result, value) = await ResultAsync(sentence, cancellation);
        messages.AddRange(first.Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
        var answer = await model.GetResponseAsync(messages, options, cancellation);
        return new SentenceResult(sentence, true, answer.Text.Contains(value, StringComparison.Ordinal), $"{Show(call)} -> {answer.Text}");
    }

    // The tool's result and the value the answer must hold.
    private static async Task<(string Result, string Value)> ResultAsync(TestSentence sentence, CancellationToken cancellation)
    {
        switch (sentence.Tool)
        {
            case "calculator":
                var number = (await new CalculatorTool().Bind(new ToolScope("", "", "")).InvokeAsync(new(new Dictionary<string, object?> { ["expression"] = sentence.Arguments!["expression"] }), cancellation))!.ToString()!;
                return (number, number);
            case "clock":
                return sentence.Arguments!.Count == 0 ? (NoPlace, AsksForPlace) : (ClockResult, ClockResult);
            case "remember":
                return ("ok", sentence.Arguments!["fact"]);
            case "search":
                return (SearchResult, SearchAnswer);
            default:
                var stored = $"{sentence.Arguments!["subject"]} is the blue one on the left";
                return (stored, stored);
        }
    }

    private static bool IsSame(IDictionary<string, object?> said, IReadOnlyDictionary<string, string> expected) =>
        said.Count == expected.Count && expected.All(argument => said.TryGetValue(argument.Key, out var value) && value as string == argument.Value);

    private static string Show(FunctionCallContent call) => $"{call.Name}({string.Join(", ", call.Arguments!.Select(argument => $"{argument.Key}: {argument.Value}"))})";

    private static AIFunctionDeclaration Declare(string name, string schema) =>
        AIFunctionFactory.CreateDeclaration(name, name, JsonDocument.Parse(schema).RootElement.Clone());
}
