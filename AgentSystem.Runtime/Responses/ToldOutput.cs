using System.Text;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Responses;

/// <summary>What the events of a response have told so far: where whoever goes on with it begins.</summary>
/// <param name="Events">How many there are: the number of the next one.</param>
/// <param name="Started">True once it was told that somebody works on it.</param>
/// <param name="Items">Output items that are closed.</param>
/// <param name="Message">Id of the message that is open; null: none is.</param>
/// <param name="Text">What it says so far.</param>
public sealed record ToldOutput(int Events, bool Started, JsonArray Items, string? Message, string Text)
{
    /// <summary>Reads events as <see cref="ResponseEvents"/> wrote them.</summary>
    public static ToldOutput Read(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var (started, items, message, text) = (false, new JsonArray(), (string?)null, new StringBuilder());
        foreach (var told in events)
        {
            var json = Body(told);
            switch ((string?)json["type"])
            {
                case "response.in_progress":
                    started = true;
                    break;
                case "response.output_item.added" when (string?)json["item"]!["type"] == "message":
                    message = (string?)json["item"]!["id"];
                    text.Clear();
                    break;
                case "response.output_text.delta":
                    text.Append((string?)json["delta"]);
                    break;
                case "response.output_item.done":
                    items.Add(json["item"]!.DeepClone());
                    message = null;
                    text.Clear();
                    break;
                default:
                    // The others say the same in other words.
                    break;
            }
        }

        return new ToldOutput(events.Count, started, items, message, text.ToString());
    }

    private static JsonNode Body(ReadOnlyMemory<byte> told)
    {
        const string data = "\ndata: ";
        var frame = Encoding.UTF8.GetString(told.Span);
        return JsonNode.Parse(frame[(frame.IndexOf(data, StringComparison.Ordinal) + data.Length)..])!;
    }
}
