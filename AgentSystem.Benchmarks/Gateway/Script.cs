using System.Globalization;
using System.Text;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>
/// What the generator asks and what the scripted model answers. Every question carries a number of its own, and its answer must repeat it: an answer that was mixed up,
/// cut short, cached or made up is found. Only letters, digits and plain punctuation, so that no two ways to write JSON differ.
/// </summary>
internal static class Script
{
    private const int ThinkDigits = 3, NumberDigits = 12;

    /// <summary>Characters of a ticket: <c>ask-TTT-NNNNNNNNNNNN</c>, the milliseconds the model thinks and the question's number.</summary>
    public const int TicketLength = 4 + ThinkDigits + 1 + NumberDigits;

    private const string Words = "the harbour opens at seven and the first boat leaves ten minutes later so be at the gate in time with a ticket and a warm coat because the wind is cold";

    /// <summary>What a ticket begins with.</summary>
    public static ReadOnlySpan<byte> Marker => "ask-"u8;

    /// <summary>The rest of the answer, in the pieces that a stream sends one by one.</summary>
    public static IReadOnlyList<string> Pieces { get; } = [.. Words.Split(' ').Select(word => " " + word)];

    /// <summary>The text around a ticket in a question.</summary>
    public static (string Before, string After) Question { get; } = (
        "This is question ",
        ". A traveller stands at the harbour in the early morning and wants to know when the first boat leaves, how long the crossing takes, what it costs, and whether the "
        + "wind is going to be a problem on the way. Answer in one sentence, repeat the number of this question first, and say what to bring along for the trip.");

    /// <summary>Writes a ticket.</summary>
    public static void WriteTicket(Span<byte> ticket, int thinkMilliseconds, long number)
    {
        Marker.CopyTo(ticket);
        thinkMilliseconds.TryFormat(ticket[4..], out _, "D3", CultureInfo.InvariantCulture);
        ticket[4 + ThinkDigits] = (byte)'-';
        number.TryFormat(ticket[(4 + ThinkDigits + 1)..], out _, "D12", CultureInfo.InvariantCulture);
    }

    /// <summary>The whole answer to a ticket.</summary>
    public static string Answer(ReadOnlySpan<byte> ticket) => $"{Greeting(Encoding.ASCII.GetString(ticket))}{string.Concat(Pieces)}";

    /// <summary>The first piece of an answer.</summary>
    public static string Greeting(string ticket) => $"Reply to {ticket}:";

    /// <summary>How long the model thinks about a ticket.</summary>
    public static TimeSpan Think(string ticket) => TimeSpan.FromMilliseconds(int.Parse(ticket.AsSpan(4, ThinkDigits), CultureInfo.InvariantCulture));
}
