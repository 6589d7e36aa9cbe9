using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AgentSystem.Benchmarks.Gateway.Load;

/// <summary>One connection's questions: asks, waits for the whole answer, checks it, asks again.</summary>
internal sealed class Asker(LoadOrder order) : IDisposable
{
    private const int ShownOfAnError = 300;

    private readonly byte[] ticket = new byte[Script.TicketLength];
    private HttpWire wire = new();

    /// <summary>Milliseconds to each whole right answer.</summary>
    public List<double> Whole { get; } = new(64 * 1024);

    /// <summary>Milliseconds to the first piece of each right answer.</summary>
    public List<double> First { get; } = new(64 * 1024);

    public int Errors { get; private set; }

    public string? FirstError { get; private set; }

    public ValueTask ConnectAsync(CancellationToken cancellation) => wire.ConnectAsync(order.Address, cancellation);

    /// <summary>Asks until <paramref name="next"/> has no more numbers.</summary>
    public async Task AskAsync(Func<long?> next, CancellationToken cancellation)
    {
        var (request, at) = Request();
        while (next() is { } number)
        {
            Script.WriteTicket(ticket, order.ThinkMilliseconds, number);
            ticket.CopyTo(request.AsSpan(at));
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var status = await wire.AskAsync(request, ticket, cancellation);
                var whole = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
                if (status == 200 && ReadContent(wire.Body) == Script.Answer(ticket))
                {
                    Whole.Add(whole);
                    First.Add(Stopwatch.GetElapsedTime(asked, wire.SeenAt).TotalMilliseconds);
                }
                else
                {
                    Fail($"{status}: {Encoding.UTF8.GetString(wire.Body[..Math.Min(ShownOfAnError, wire.Body.Length)])}");
                }
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                Fail(broken.Message);
                if (cancellation.IsCancellationRequested)
                {
                    return;
                }

                wire.Dispose();
                wire = new HttpWire();
                await wire.ConnectAsync(order.Address, cancellation);
            }
        }
    }

    public void Dispose() => wire.Dispose();

    /// <summary>Every text an answer calls content, in order: of a whole answer the one, of a stream the pieces, however they were cut.</summary>
    internal static string ReadContent(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        var name = "\"content\":\""u8;
        for (var at = body.IndexOf(name); at >= 0; at = body.IndexOf(name))
        {
            body = body[(at + name.Length)..];
            // The script has no character that JSON escapes, so the next quote ends the text.
            var length = body.IndexOf((byte)'"');
            text.Append(Encoding.UTF8.GetString(body[..Math.Max(length, 0)]));
        }

        return text.ToString();
    }

    private void Fail(string what)
    {
        Errors++;
        FirstError ??= what;
    }

    // The bytes of a request, and where its ticket stands in them.
    private (byte[] Request, int Ticket) Request()
    {
        var before = $$"""{"model":"{{order.Model}}",{{(order.Streams ? "\"stream\":true," : "")}}"messages":[{"role":"user","content":"{{Script.Question.Before}}""";
        var after = $$"""{{Script.Question.After}}"}]}""";
        var head = new StringBuilder()
            .Append($"POST /v1/chat/completions HTTP/1.1\r\nHost: {order.Address.Authority}\r\nContent-Type: application/json\r\nAccept: */*\r\n")
            .AppendJoin("", order.Headers.Select(header => $"{header.Key}: {header.Value}\r\n"))
            .Append($"Content-Length: {before.Length + Script.TicketLength + after.Length}\r\n\r\n").ToString();
        return (Encoding.ASCII.GetBytes(head + before + new string('-', Script.TicketLength) + after), head.Length + before.Length);
    }
}
