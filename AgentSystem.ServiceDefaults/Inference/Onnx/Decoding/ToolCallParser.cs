using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>Reads a call the model wrote and checks it against the offered tools, however it was decoded.</summary>
internal sealed class ToolCallParser(ToolCallFormat format, IReadOnlyList<ToolSchema> tools, CopySources sources)
{
    /// <summary>The call; null when it is not one an offered tool could take.</summary>
    public FunctionCallContent? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var call = document.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1 ? list[0] : document.RootElement;
            return call.ValueKind == JsonValueKind.Object ? Read(call) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private FunctionCallContent? Read(JsonElement call)
    {
        if (!call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !call.TryGetProperty(format.ArgumentsKey, out var arguments) || arguments.ValueKind != JsonValueKind.Object
            || tools.FirstOrDefault(each => each.Name == name.GetString()) is not { } tool)
        {
            return null;
        }

        var values = arguments.EnumerateObject().ToLookup(property => property.Name, property => property.Value, StringComparer.Ordinal);
        if (!tool.Required.All(values.Contains) || values.Any(value => value.Count() > 1)
            || (tool.Arguments is { } known && !values.All(value => known.FirstOrDefault(each => each.Name == value.Key) is { } argument && Fits(argument, value.First()))))
        {
            return null;
        }

        return new FunctionCallContent(
            $"call_{Guid.NewGuid():N}",
            tool.Name,
            values.ToDictionary(value => value.Key, value => Plain(value.First()), StringComparer.Ordinal));
    }

    private bool Fits(ToolArgument argument, JsonElement value) => argument.Source switch
    {
        ArgumentSource.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ArgumentSource.Integer or ArgumentSource.Number => value.ValueKind == JsonValueKind.Number && FitsNumber(argument, value),
        _ => value.ValueKind == JsonValueKind.String && FitsText(argument, value),
    };

    private static bool FitsNumber(ToolArgument argument, JsonElement value) =>
        (argument.Source == ArgumentSource.Number || value.TryGetInt64(out _))
        && (argument.Choices.Count == 0 || argument.Choices.Contains(value.GetRawText(), StringComparer.Ordinal))
        && value.GetDouble() is var number && number >= (argument.Minimum ?? double.MinValue) && number <= (argument.Maximum ?? double.MaxValue);

    private bool FitsText(ToolArgument argument, JsonElement value) => argument.Source switch
    {
        ArgumentSource.Span => SpanMatcher.IsSpan(sources.User, value.GetString()!),
        ArgumentSource.Choice => argument.Choices.Contains(value.GetString(), StringComparer.Ordinal),
        ArgumentSource.Numbers => GrammarReader.IsWhole(new NumbersMatcher(sources.User, argument.IsAllowed), value.GetString()!),
        _ => true,
    };

    private static object? Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.Clone();
}
