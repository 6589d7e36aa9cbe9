using System.Text.RegularExpressions;

namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>
/// Reads the part of Go's text/template that our chart is written in: text, <c>{{ }}</c> with trim marks, comments, <c>if</c>, <c>else if</c>, <c>else</c>, <c>range $key, $value :=</c>, <c>end</c>, pipelines.
/// Everything else is refused by name, so that no chart of ours ever uses what was not checked.
/// </summary>
internal static partial class TemplateParser
{
    public static IReadOnlyList<TemplateNode> Parse(string text)
    {
        var pieces = Split(text);
        var at = 0;
        var nodes = Body(pieces, ref at, out var end);
        return end is null ? nodes : throw new TemplateException($"There is a {{{{ {end} }}}} without its beginning.");
    }

    /// <summary>Texts and actions by turns; what a trim mark eats is gone from the texts.</summary>
    private static List<(bool IsAction, string Text)> Split(string text)
    {
        var pieces = new List<(bool IsAction, string Text)>();
        var from = 0;
        var trim = false;
        foreach (Match action in Action().Matches(text))
        {
            var before = text[from..action.Index];
            before = trim ? before.TrimStart() : before;
            pieces.Add((false, action.Groups["left"].Success ? before.TrimEnd() : before));
            pieces.Add((true, action.Groups["body"].Value.Trim()));
            trim = action.Groups["right"].Success;
            from = action.Index + action.Length;
        }

        pieces.Add((false, trim ? text[from..].TrimStart() : text[from..]));
        return pieces.Any(static piece => !piece.IsAction && piece.Text.Contains("{{", StringComparison.Ordinal)) ? throw new TemplateException("There is a {{ without its }}.") : pieces;
    }

    /// <summary>Nodes up to an <c>else</c> or <c>end</c>, which is told.</summary>
    private static List<TemplateNode> Body(List<(bool IsAction, string Text)> pieces, ref int at, out string? end)
    {
        var nodes = new List<TemplateNode>();
        for (; at < pieces.Count; at++)
        {
            var (isAction, text) = pieces[at];
            if (!isAction)
            {
                nodes.Add(new TextNode(text));
            }
            else if (text == "end" || text == "else" || text.StartsWith("else ", StringComparison.Ordinal))
            {
                end = text;
                return nodes;
            }
            else if (!text.StartsWith("/*", StringComparison.Ordinal))
            {
                nodes.Add(Node(text, pieces, ref at));
            }
        }

        end = null;
        return nodes;
    }

    private static TemplateNode Node(string text, List<(bool IsAction, string Text)> pieces, ref int at)
    {
        if (text.StartsWith("if ", StringComparison.Ordinal))
        {
            return If(text, pieces, ref at);
        }

        if (RangeHead().Match(text) is { Success: true } range)
        {
            at++;
            var body = Body(pieces, ref at, out var end);
            return end == "end" ? new RangeNode(range.Groups["key"].Value, range.Groups["value"].Value, PipelineParser.Parse(range.Groups["over"].Value), body)
                : throw new TemplateException($"The {{{{ {text} }}}} has no {{{{ end }}}}.");
        }

        return FirstWord().Match(text).Value is "with" or "range" or "define" or "template" or "block" or "break" or "continue"
            ? throw new TemplateException($"{{{{ {text} }}}} is outside the part of the language that is checked here.")
            : new OutputNode(PipelineParser.Parse(text));
    }

    private static IfNode If(string text, List<(bool IsAction, string Text)> pieces, ref int at)
    {
        var branches = new List<(Pipeline?, IReadOnlyList<TemplateNode>)>();
        Pipeline? condition = PipelineParser.Parse(text[3..]);
        while (true)
        {
            at++;
            var body = Body(pieces, ref at, out var end);
            branches.Add((condition, body));
            if (end == "end")
            {
                return new IfNode(branches);
            }

            if (end is null || condition is null)
            {
                throw new TemplateException($"The {{{{ {text} }}}} has no {{{{ end }}}}.");
            }

            condition = end.StartsWith("else if ", StringComparison.Ordinal) ? PipelineParser.Parse(end[8..]) : null;
        }
    }

    [GeneratedRegex(@"\{\{(?<left>-(?=\s))?(?<body>(?:""(?:\\.|[^""\\])*""|`[^`]*`|[^""`}]|\}(?!\}))*?)(?<right>(?<=\s)-)?\}\}")]
    private static partial Regex Action();

    [GeneratedRegex(@"^range\s+\$(?<key>\w+)\s*,\s*\$(?<value>\w+)\s*:=\s*(?<over>.+)$")]
    private static partial Regex RangeHead();

    [GeneratedRegex(@"^\w*")]
    private static partial Regex FirstWord();
}
