using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using AgentSystem.Api.Runs;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>The form of a run's stream, read by another's parser.</summary>
public sealed class RunStreamTests
{
    [Fact]
    public async Task Write_TextsOfSeveralLines_StaysOneEventEach()
    {
        var pipe = new Pipe();
        var stream = new RunStream(pipe.Writer, 6);
        await stream.WriteAsync([Event(7, RunEvents.Delta, "{ \"text\": \"one\\ntwo\\r\\n\\n: three\" }"), Event(8, RunEvents.Status, """{"status":"running"}""")], default);
        await stream.WriteHeartbeatAsync(default);
        await stream.WriteAsync([Event(9, RunEvents.Finished, """{"status":"success"}""")], default);
        await pipe.Writer.CompleteAsync();
        var read = new List<SseItem<string>>();
        await foreach (var happened in SseParser.Create(pipe.Reader.AsStream()).EnumerateAsync())
        {
            read.Add(happened);
        }

        Assert.Equal([("7", RunEvents.Delta), ("8", RunEvents.Status), ("9", RunEvents.Finished)], read.Select(happened => (happened.EventId!, happened.EventType)));
        Assert.Equal("one\ntwo\r\n\n: three", JsonElement.Parse(read[0].Data).GetProperty("text").GetString());
        Assert.Equal(9, stream.Last);
    }

    [Fact]
    public async Task WriteHeartbeat_OnItsOwn_IsACommentNobodyTakesForAnEvent()
    {
        var pipe = new Pipe();
        await new RunStream(pipe.Writer, 0).WriteHeartbeatAsync(default);
        await pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8);

        Assert.Equal(": ping\n\n", await reader.ReadToEndAsync());
    }

    private static RunEvent Event(long number, string type, string data) => new(number, type, JsonElement.Parse(data), DateTimeOffset.UnixEpoch);
}
