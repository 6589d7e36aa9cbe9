using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The operator's list of prices: the first entry whose pattern fits a model counts.</summary>
internal sealed class PriceList(IReadOnlyList<PriceList.Entry> entries)
{
    /// <summary>A list without entries.</summary>
    public static PriceList Empty { get; } = new([]);

    /// <param name="Provider">The provider it is for; null for all.</param>
    /// <param name="Model">The provider's name of the model; <c>*</c> stands for any letters.</param>
    /// <param name="Input">USD for a million input tokens.</param>
    /// <param name="Output">USD for a million output tokens.</param>
    internal sealed record Entry(string? Provider, string Model, decimal Input, decimal Output);

    /// <summary>The price of a model, or null.</summary>
    public Entry? Find(string provider, string model) => entries.FirstOrDefault(entry =>
        (entry.Provider is null || string.Equals(entry.Provider, provider, StringComparison.OrdinalIgnoreCase)) && Fits(entry.Model, model));

    /// <summary>Reads a file, or says everything that is wrong with it.</summary>
    public static (PriceList List, IReadOnlyList<string> Mistakes) Read(string? file)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            return (Empty, []);
        }

        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            return (Empty, [$"{PriceOptions.Section}:File: there is no file '{path}'."]);
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(document.RootElement, path);
        }
        catch (JsonException e)
        {
            return (Empty, [$"{PriceOptions.Section}:File: '{path}' is not valid JSON (line {e.LineNumber + 1})."]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (Empty, [$"{PriceOptions.Section}:File: '{path}' cannot be read ({e.Message}); let this user read it."]);
        }
    }

    private static (PriceList List, IReadOnlyList<string> Mistakes) Read(JsonElement root, string path)
    {
        var (entries, mistakes) = (new List<Entry>(), new List<string>());
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("prices", out var prices) || prices.ValueKind != JsonValueKind.Array)
        {
            return (Empty, [$"{PriceOptions.Section}:File: '{path}' must hold an object with a list \"prices\"."]);
        }

        if (!(root.TryGetProperty("as_of", out var date) && date.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(date.GetString(), "yyyy-MM-dd", out _)))
        {
            mistakes.Add($"{PriceOptions.Section}:File: '{path}' needs \"as_of\", the day its prices were read, as yyyy-mm-dd: prices change.");
        }

        foreach (var (price, index) in prices.EnumerateArray().Select((price, index) => (price, index)))
        {
            var (model, input, output) = (Text(price, "model"), Usd(price, "input_usd_per_million"), Usd(price, "output_usd_per_million"));
            if (model is null || input is null || output is null)
            {
                mistakes.Add($"{PriceOptions.Section}:File: '{path}': prices[{index}] needs \"model\" (a name, * for any letters) and \"input_usd_per_million\" and \"output_usd_per_million\" (0 or more).");
            }
            else
            {
                entries.Add(new Entry(Text(price, "provider"), model, input.Value, output.Value));
            }
        }

        return (new PriceList(entries), mistakes);
    }

    private static string? Text(JsonElement price, string member) =>
        price.ValueKind == JsonValueKind.Object && price.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static decimal? Usd(JsonElement price, string member) =>
        price.ValueKind == JsonValueKind.Object && price.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var usd) && usd >= 0 ? usd : null;

    private static bool Fits(string pattern, string model) =>
        Regex.IsMatch(model, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
