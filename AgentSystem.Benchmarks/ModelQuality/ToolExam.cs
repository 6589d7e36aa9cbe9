using System.Text.Json;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calculator;
using Microsoft.Extensions.AI;

namespace AgentSystem.Benchmarks.ModelQuality;

/// <summary>A line of <c>evaluation/test.jsonl</c>. Null arguments: no tool may be called.</summary>
internal sealed record TestSentence(string Tool, string User, IReadOnlyDictionary<string, string>? Arguments);

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

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    // The declarations of the built-in tools, apart from their descriptions, which the shipped model does not see.
    private static readonly AITool[] Tools =
    [
        Declare("calculator", """{"type":"object","properties":{"expression":{"type":"string","x-copy":"numbers","pattern":"^[0-9.+\\-*/()%^]+$"}},"required":["expression"]}"""),
        Declare("clock", """{"type":"object","properties":{"place":{"type":"string","x-copy":"span"}}}"""),
        Declare("recall", """{"type":"object","properties":{"subject":{"type":"string","x-copy":"span"}},"required":["subject"]}"""),
        Declare("remember", """{"type":"object","properties":{"fact":{"type":"string","x-copy":"span"}},"required":["fact"]}"""),
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

    private static async Task<SentenceResult> AskAsync(IChatClient model, TestSentence sentence, CancellationToken cancellation)
    {
        var options = new ChatOptions { Tools = Tools, MaxOutputTokens = 160 };
        List<ChatMessage> messages = [new(ChatRole.User, sentence.User)];
        var first = await model.GetResponseAsync(messages, options, cancellation);
        var call = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault();
        if (sentence.Arguments is null || call is null)
        {
            var right = sentence.Arguments is null && call is null && first.Text.Length > 0;
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
