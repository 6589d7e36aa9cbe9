using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Api.Runs;

/// <summary>Writes events of a run in the form of server-sent events.</summary>
internal sealed class RunStream(PipeWriter body, long after)
{
    private static readonly byte[] Ping = ": ping\n\n"u8.ToArray();

    /// <summary>Number of the last event that was written.</summary>
    public long Last { get; private set; } = after;

    /// <summary>Writes them and sends them on their way.</summary>
    public async ValueTask WriteAsync(IEnumerable<RunEvent> events, CancellationToken cancellation)
    {
        foreach (var happened in events)
        {
            body.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {happened.Number}\nevent: {happened.Type}\ndata: ")));
            using (var json = new Utf8JsonWriter(body, JsonOutput.Writer))
            {
                // Written anew and not copied: without indentation there is no line end in it that would end the event.
                happened.Data.WriteTo(json);
            }

            body.Write("\n\n"u8);
            Last = happened.Number;
        }

        await body.FlushAsync(cancellation);
    }

    /// <summary>Why the stream ends before the run; no event of the run, so it has no id.</summary>
    public async ValueTask WriteErrorAsync(RunFailure failure, CancellationToken cancellation)
    {
        body.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(body, JsonOutput.Writer))
        {
            json.WriteStartObject();
            json.WriteString("code", failure.Code);
            json.WriteString("message", failure.Message);
            json.WriteEndObject();
        }

        await body.WriteAsync("\n\n"u8.ToArray(), cancellation);
    }

    /// <summary>A comment, which readers pass over.</summary>
    public async ValueTask WriteHeartbeatAsync(CancellationToken cancellation) => await body.WriteAsync(Ping, cancellation);
}
