using System.Text.Json;
using AgentSystem.Api.Chat;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Embeddings;

/// <summary>Reads a body of <c>POST /v1/embeddings</c>: OpenAI's members, unknown ones ignored, wrong ones named.</summary>
internal static class EmbeddingRequestParser
{
    private const int MostTexts = 2_048;
    private const int MostDimensions = 65_536;
    private const int LongestUser = 200;

    /// <summary>The request, or what is wrong with it.</summary>
    public static (EmbeddingRequest? Request, RunFailure? Failure) Parse(ReadOnlyMemory<byte> body) => RequestBody.Open(body, Read);

    private static EmbeddingRequest Read(JsonElement root)
    {
        var model = root.Text("model", "model");
        if (string.IsNullOrWhiteSpace(model))
        {
            throw Missing("model", $"\"model\" is missing; name an embedding model, or \"{EmbeddingPipeline.Default}\".");
        }

        var user = root.Text("user", "user");
        if (user?.Length > LongestUser)
        {
            throw Members.Wrong("user", $"a string of at most {LongestUser} characters");
        }

        var format = root.Text("encoding_format", "encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
        {
            throw Members.Wrong("encoding_format", "\"float\" or \"base64\"");
        }

        return new EmbeddingRequest(model, ReadInput(root), (int?)root.Whole("dimensions", 1, MostDimensions), format == "base64", user);
    }

    private static List<string> ReadInput(JsonElement root)
    {
        switch (root.Get("input"))
        {
            case null:
                throw Missing("input", "\"input\" is missing; send a text, or a list of texts.");
            case { ValueKind: JsonValueKind.String } one:
                return [NotEmpty(one.GetString()!, "input")];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() is var count and (0 or > MostTexts):
                throw Members.Wrong("input", $"a list of 1 to {MostTexts} texts, not of {count}");
            default:
                return [.. root.Items("input", "input").Select(static each => each.Item.ValueKind switch
                {
                    JsonValueKind.String => NotEmpty(each.Item.GetString()!, each.Path),
                    JsonValueKind.Number or JsonValueKind.Array => throw new BadMemberException(RunFailure.Invalid(
                        "unsupported_value", "\"input\" holds token numbers; they mean something else to every model, so send the texts themselves.", "input")),
                    _ => throw Members.Wrong(each.Path, "a string"),
                })];
        }
    }

    private static string NotEmpty(string text, string path) =>
        text.Length > 0 ? text : throw new BadMemberException(RunFailure.Invalid("invalid_value", $"\"{path}\" is an empty string; leave it out.", path));

    private static BadMemberException Missing(string member, string message) => new(RunFailure.Invalid("missing_member", message, member));
}

/// <summary>A request for vectors.</summary>
internal sealed record EmbeddingRequest(string Model, IReadOnlyList<string> Input, int? Dimensions, bool Base64, string? User);
