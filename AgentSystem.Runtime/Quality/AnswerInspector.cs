using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Quality;

/// <summary>Checks a finished answer for what a client could not use: nothing in it, cut off, or not the format that was asked for.</summary>
public static class AnswerInspector
{
    /// <summary>The verdict on an answer.</summary>
    public static AnswerVerdict Judge(ChatResponse answer, ChatResponseFormat? format)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var calls = answer.Messages.Any(m => m.Contents.OfType<FunctionCallContent>().Any());
        if (!calls && string.IsNullOrWhiteSpace(answer.Text))
        {
            return new AnswerVerdict(AnswerVerdict.Empty, "The model gave an empty answer; ask again, or ask differently.");
        }

        if (answer.FinishReason == ChatFinishReason.Length)
        {
            // A cut answer is still an answer; finish_reason "length" tells the client.
            return new AnswerVerdict(AnswerVerdict.Truncated, null);
        }

        return format is ChatResponseFormatJson && !calls && !IsJson(answer.Text)
            ? new AnswerVerdict(AnswerVerdict.OffFormat, "The model did not answer in the JSON format that was asked for; use a larger model, or leave response_format out.")
            : new AnswerVerdict(AnswerVerdict.Passed, null);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>What the inspector found.</summary>
/// <param name="Name">One of the constants below.</param>
/// <param name="Refusal">Why the answer must not leave; null when it may.</param>
public sealed record AnswerVerdict(string Name, string? Refusal)
{
    public const string Passed = "passed";
    public const string Empty = "empty_answer";
    public const string Truncated = "truncated";
    public const string OffFormat = "off_format";
}
