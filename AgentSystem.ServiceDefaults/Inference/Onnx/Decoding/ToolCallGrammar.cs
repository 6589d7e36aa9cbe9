namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>Builds the grammars of a turn: what a call may look like, and what may be copied into an answer.</summary>
internal static class ToolCallGrammar
{
    /// <summary>
    /// The text between a call's opening and closing token: one of the tools, its arguments in the schema's order, optional ones left out at will. All tools
    /// stand side by side; the model's own choice decides between them.
    /// </summary>
    public static Grammar ForCalls(ToolCallFormat format, IEnumerable<ToolSchema> tools, CopySources sources)
    {
        var grammar = new Grammar();
        foreach (var tool in tools)
        {
            var node = grammar.Append(Grammar.Start, format.BeforeName + JsonText.Quote(tool.Name)[1..^1] + format.BeforeArguments);
            node = tool.Arguments is null ? grammar.Append(node, new AnythingMatcher()) : AppendArguments(grammar, node, tool.Arguments, sources);
            grammar.Link(tool.Arguments is null ? node : grammar.Append(node, format.AfterArguments), Grammar.End);
        }

        return grammar;
    }

    /// <summary>What may stand between the marks of a copied value in an answer; null when there is nothing to copy.</summary>
    public static Grammar? ForSpans(CopySources sources)
    {
        var grammar = new Grammar();
        foreach (var text in new[] { sources.User, sources.ToolResponse ?? "" })
        {
            if (new SpanMatcher(text, escaped: false) is { HasSpans: true } spans)
            {
                grammar.Link(grammar.Append(Grammar.Start, spans), Grammar.End);
            }
        }

        // A tool's result may also be copied entirely, wherever its punctuation stands.
        if (sources.ToolResponse is { Length: > 0 } whole)
        {
            grammar.Link(grammar.Append(Grammar.Start, whole), Grammar.End);
        }

        return grammar.Next(Grammar.Start).Count == 0 ? null : grammar;
    }

    // Two joins before each argument, "nothing written yet" and "something written", so that the comma is always right.
    private static int AppendArguments(Grammar grammar, int node, IReadOnlyList<ToolArgument> arguments, CopySources sources)
    {
        var (nothing, something) = (grammar.Append(node, "{"), grammar.Join());
        foreach (var argument in arguments)
        {
            var written = grammar.Join();
            var key = JsonText.Quote(argument.Name) + (argument.IsText ? ": \"" : ": ");
            AppendValue(grammar, grammar.Append(nothing, key), argument, sources, written);
            AppendValue(grammar, grammar.Append(something, ", " + key), argument, sources, written);
            var stillNothing = grammar.Join();
            if (!argument.IsRequired)
            {
                grammar.Link(nothing, stillNothing);
                grammar.Link(something, written);
            }

            (nothing, something) = (stillNothing, written);
        }

        var end = grammar.Append(nothing, "}");
        var join = grammar.Join();
        grammar.Link(end, join);
        grammar.Link(grammar.Append(something, "}"), join);
        return join;
    }

    private static void AppendValue(Grammar grammar, int node, ToolArgument argument, CopySources sources, int written)
    {
        IEnumerable<IByteMatcher> values = argument.Source switch
        {
            ArgumentSource.Span => [new SpanMatcher(sources.User, escaped: true)],
            ArgumentSource.Numbers => [new NumbersMatcher(sources.User, argument.IsAllowed)],
            ArgumentSource.Integer or ArgumentSource.Number when argument.Choices.Count > 0 => argument.Choices.Select(Literal),
            ArgumentSource.Integer => [new JsonNumberMatcher(isInteger: true)],
            ArgumentSource.Number => [new JsonNumberMatcher(isInteger: false)],
            ArgumentSource.Boolean => new[] { "true", "false" }.Select(Literal),
            ArgumentSource.Choice => argument.Choices.Select(static choice => Literal(JsonText.Quote(choice)[1..^1])),
            _ => [new JsonStringMatcher()],
        };
        foreach (var value in values)
        {
            var read = grammar.Append(node, value);
            grammar.Link(argument.IsText ? grammar.Append(read, "\"") : read, written);
        }
    }

    private static LiteralMatcher Literal(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));
}
