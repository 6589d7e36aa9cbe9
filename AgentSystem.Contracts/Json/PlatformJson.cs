using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSystem.Contracts.Json;

/// <summary>How the platform surface (<c>/api/v1</c>) writes and reads JSON: snake_case, enums as snake_case words; unknown members, members given twice and numbers written as texts refused.</summary>
public static class PlatformJson
{
    /// <summary>Deepest nesting accepted in a request body (contract: 64).</summary>
    public const int MaxDepth = 64;

    /// <summary>The one options instance; both sides of the wire use it.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Applies the platform's conventions to <paramref name="options"/> and returns it.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        // A host's options begin as ASP.NET's, which forgive all three; two readers of one body would then understand different things.
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = MaxDepth;
        // Bodies are application/json and never part of a page: apostrophes and letters stay readable.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }
}
