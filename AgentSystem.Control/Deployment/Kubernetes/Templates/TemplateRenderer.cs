using System.Text;

namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>Renders the files of one chart, as <c>helm template</c> would with the same values.</summary>
/// <param name="files">Template texts by their name, <c>CHART/templates/...</c>: <c>include</c> finds them by it.</param>
internal sealed class TemplateRenderer(IReadOnlyDictionary<string, string> files)
{
    private const int Deepest = 16;

    /// <summary>Renders one of the files.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">The root: Values, Release, Chart, Template.</param>
    /// <exception cref="TemplateException">The text cannot be read, or a value is missing; the message begins with the file.</exception>
    public string Render(string name, IReadOnlyDictionary<string, object?> data) => Render(name, data, 0);

    private string Render(string name, IReadOnlyDictionary<string, object?> data, int depth)
    {
        if (depth > Deepest || !files.TryGetValue(name, out var text))
        {
            throw new TemplateException(depth > Deepest ? $"{name} includes itself." : $"There is no template {name}.");
        }

        try
        {
            var output = new StringBuilder();
            Write(TemplateParser.Parse(text), new Scope(data, new Dictionary<string, object?>(), depth), output);
            return output.ToString();
        }
        catch (TemplateException wrong) when (depth == 0)
        {
            throw new TemplateException($"{name}: {wrong.Message}", wrong);
        }
    }

    private void Write(IEnumerable<TemplateNode> nodes, Scope scope, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TextNode plain:
                    output.Append(plain.Text);
                    break;
                case OutputNode expression:
                    output.Append(TemplateData.Print(Evaluate(expression.Pipeline, scope)));
                    break;
                case IfNode choice:
                    var branch = choice.Branches.FirstOrDefault(branch => branch.Condition is null || !TemplateData.IsEmpty(Evaluate(branch.Condition, scope)));
                    Write(branch.Body ?? [], scope, output);
                    break;
                case RangeNode range:
                    WriteEach(range, scope, output);
                    break;
            }
        }
    }

    private void WriteEach(RangeNode range, Scope scope, StringBuilder output)
    {
        var over = Evaluate(range.Over, scope);
        if (over is not (null or IReadOnlyDictionary<string, object?>))
        {
            throw new TemplateException("range goes over maps here.");
        }

        foreach (var (key, value) in (over as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>()).OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            Write(range.Body, scope with { Variables = new Dictionary<string, object?>(scope.Variables, StringComparer.Ordinal) { [range.Key] = key, [range.Value] = value } }, output);
        }
    }

    private object? Evaluate(Pipeline pipeline, Scope scope)
    {
        object? result = null;
        var first = true;
        foreach (var command in pipeline.Commands)
        {
            var arguments = command.Skip(1).Select(operand => Value(operand, scope));
            result = command[0] is FunctionOperand function ? Call(function.Name, [.. arguments, .. first ? [] : new[] { result }], scope)
                : command.Count == 1 && first ? Value(command[0], scope)
                : throw new TemplateException("Only a function can be given arguments.");
            first = false;
        }

        return result;
    }

    private object? Call(string name, object?[] arguments, Scope scope) =>
        name == "include" && arguments is [string file, IReadOnlyDictionary<string, object?> data] ? Render(file, data, scope.Depth + 1) : TemplateFunctions.Call(name, arguments);

    private object? Value(Operand operand, Scope scope) => operand switch
    {
        LiteralOperand literal => literal.Value,
        PathOperand path => Walk(path, scope),
        InnerOperand inner => Evaluate(inner.Pipeline, scope),
        FunctionOperand function => Call(function.Name, [], scope),
        _ => null,
    };

    private static object? Walk(PathOperand path, Scope scope)
    {
        object? at = path.Variable is not { Length: > 0 } variable ? scope.Data
            : scope.Variables.TryGetValue(variable, out var bound) ? bound : throw new TemplateException($"There is no variable ${variable}.");
        foreach (var step in path.Path)
        {
            // A missing member is nothing, as in a map of Go's; below nothing there is nothing to ask for.
            at = at is IReadOnlyDictionary<string, object?> members ? members.GetValueOrDefault(step)
                : throw new TemplateException($".{string.Join('.', path.Path)} asks for {step} of what has no members: a values file lacks the part above it.");
        }

        return at;
    }

    /// <param name="Data">What <c>.</c> and <c>$</c> are.</param>
    /// <param name="Variables">Of the ranges around.</param>
    /// <param name="Depth">How many includes lead here.</param>
    private sealed record Scope(IReadOnlyDictionary<string, object?> Data, IReadOnlyDictionary<string, object?> Variables, int Depth);
}
