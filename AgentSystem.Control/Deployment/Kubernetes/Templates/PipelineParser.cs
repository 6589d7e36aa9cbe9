using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>Reads what stands inside <c>{{ }}</c>.</summary>
internal static partial class PipelineParser
{
    public static Pipeline Parse(string text)
    {
        var tokens = Tokens(text);
        var at = 0;
        var pipeline = Read(tokens, ref at, text);
        return at == tokens.Count ? pipeline : throw Wrong(text, tokens[at]);
    }

    private static Pipeline Read(List<string> tokens, ref int at, string text)
    {
        var commands = new List<IReadOnlyList<Operand>>();
        do
        {
            var operands = new List<Operand>();
            while (at < tokens.Count && tokens[at] is not (")" or "|"))
            {
                operands.Add(Read1(tokens, ref at, text));
            }

            commands.Add(operands.Count > 0 ? operands : throw Wrong(text, "nothing"));
        }
        while (at < tokens.Count && tokens[at] == "|" && ++at > 0);
        return new Pipeline(commands);
    }

    private static Operand Read1(List<string> tokens, ref int at, string text)
    {
        var token = tokens[at++];
        if (token == "(")
        {
            var inner = Read(tokens, ref at, text);
            return at < tokens.Count && tokens[at++] == ")" ? new InnerOperand(inner) : throw Wrong(text, "the end, where ) was expected");
        }

        return token[0] switch
        {
            '"' => new LiteralOperand(JsonSerializer.Deserialize<string>(token)),
            '`' => new LiteralOperand(token[1..^1]),
            '.' => new PathOperand(null, Steps(token)),
            '$' => token.Split('.', 2) is [var variable, var rest] ? new PathOperand(variable[1..], Steps(rest)) : new PathOperand(token[1..], []),
            >= '0' and <= '9' or '-' => new LiteralOperand(long.Parse(token)),
            _ => token switch { "true" => new LiteralOperand(true), "false" => new LiteralOperand(false), "nil" => new LiteralOperand(null), _ => new FunctionOperand(token) },
        };
    }

    private static string[] Steps(string path) => path.Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var match = Token().Match(text, at);
            if (!match.Success || match.Index != at)
            {
                throw Wrong(text, text[at..]);
            }

            at += match.Length;
            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add(match.Value);
            }
        }

        return tokens;
    }

    private static TemplateException Wrong(string text, string found) => new($"{{{{ {text} }}}} cannot be read at {found}.");

    [GeneratedRegex(@"\G(?:\s+|""(?:\\.|[^""\\])*""|`[^`]*`|\(|\)|\||\$[\w]*(?:\.\w+)*|\.(?:\w+(?:\.\w+)*)?|-?\d+(?![\w.])|[A-Za-z_]\w*)")]
    private static partial Regex Token();
}
