using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSystem.Control.Deployment.Kubernetes.Chart;

namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>The functions our chart uses, of Go, of Sprig and of Helm, as they behave there.</summary>
internal static partial class TemplateFunctions
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Calls one.</summary>
    /// <exception cref="TemplateException">It is not one of ours, or refuses its arguments.</exception>
    public static object? Call(string name, params object?[] arguments) => (name, arguments) switch
    {
        ("quote", [var value]) => value is null ? "" : JsonSerializer.Serialize(TemplateData.Print(value), Readable),
        ("int", [var value]) => Whole(value),
        ("print", _) => string.Concat(arguments.Select(TemplateData.Print)),
        ("printf", [string format, .. var values]) => Format(format, values),
        ("replace", [string old, string with, string text]) => text.Replace(old, with, StringComparison.Ordinal),
        ("ternary", [var yes, var no, bool which]) => which ? yes : no,
        ("default", [var fallback, var value]) => TemplateData.IsEmpty(value) ? fallback : value,
        ("required", [string message, var value]) => value is null or "" ? throw new TemplateException(message) : value,
        ("eq", [var first, .. var others]) => others.Any(other => Equals(first, other)),
        ("ne", [var one, var other]) => !Equals(one, other),
        ("not", [var value]) => TemplateData.IsEmpty(value),
        ("and", [_, ..]) => arguments.FirstOrDefault(TemplateData.IsEmpty, arguments[^1]),
        ("or", [_, ..]) => arguments.FirstOrDefault(static value => !TemplateData.IsEmpty(value), arguments[^1]),
        ("toYaml", [var value]) => YamlText.Write(TemplateData.ToJson(value)).TrimEnd('\n'),
        ("nindent", [long columns, string text]) => "\n" + Indent((int)columns, text),
        ("sha256sum", [string text]) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        _ => throw new TemplateException($"The function {name} with {arguments.Length} arguments of these kinds is outside the part of the language that is checked here."),
    };

    private static long Whole(object? value) => value switch
    {
        long number => number,
        double number => (long)number,
        // Sprig's int is 0 for what is no number; a port of 0 would be found by nobody, so here it is a mistake.
        string text when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new TemplateException($"\"{TemplateData.Print(value)}\" is no whole number."),
    };

    private static string Format(string format, IEnumerable<object?> values)
    {
        var queue = new Queue<object?>(values);
        var text = Verb().Replace(format, verb => verb.Value == "%%" ? "%"
            : verb.Value == "%s" && queue.TryDequeue(out var value) ? TemplateData.Print(value)
            : throw new TemplateException($"printf \"{format}\": only %s is used here, one for each value."));
        return queue.Count == 0 ? text : throw new TemplateException($"printf \"{format}\" has {queue.Count} values too many.");
    }

    private static string Indent(int columns, string text)
    {
        var pad = new string(' ', columns);
        return pad + text.Replace("\n", "\n" + pad, StringComparison.Ordinal);
    }

    [GeneratedRegex("%.?")]
    private static partial Regex Verb();
}
