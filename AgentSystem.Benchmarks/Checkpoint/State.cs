using System.Text.Json;

namespace AgentSystem.Benchmarks.Checkpoint;

/// <summary>The state that is kept: four channels of about 2 KB, changed in every superstep. <c>peer.mjs</c> makes the same.</summary>
internal static class State
{
    private const int ChannelCharacters = 2_000;

    private static readonly string[] Words = ["the", "agent", "looks", "up", "an", "order", "and", "finds", "its", "parcel", "on", "a", "ship", "that", "is", "late"];
    private static readonly string[] Channels = ["plan", "notes", "messages", "result"];

    /// <summary>What every channel holds behind its thread's and step's name.</summary>
    public static string Text { get; } = Make();

    /// <summary>All channels as one document.</summary>
    public static string Of(string thread, int step) => JsonSerializer.Serialize(Channels.ToDictionary(static channel => channel, channel => $"{thread}/{step}/{channel} {Text}"));

    // Words in no order, seeded: about as compressible as what models write.
    private static string Make()
    {
        var chance = new Random(53);
        var text = "";
        while (text.Length < ChannelCharacters)
        {
            text += Words[chance.Next(Words.Length)] + " ";
        }

        return text[..ChannelCharacters];
    }
}
