using System.Collections.Concurrent;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>Somebody who is told about runs: keeps what comes, and answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(int Status, string? Header, string? Value)> answers = new();

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>Every message that came, in order.</summary>
    public ConcurrentQueue<ReceivedMessage> Messages { get; } = new();

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Host and port, as the operator allows them.</summary>
    public string Host => $"{Address.Host}:{Address.Port}";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Answers the next message with this; after what is scripted it answers 200.</summary>
    public void Answer(int status, string? header = null, string? value = null) => answers.Enqueue((status, header, value));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        Messages.Enqueue(new ReceivedMessage(context.Request.Path, headers["webhook-id"]!, long.Parse(headers["webhook-timestamp"]!), headers["webhook-signature"]!, body.ToArray()));
        var (status, header, value) = answers.TryDequeue(out var scripted) ? scripted : (200, null, null);
        context.Response.StatusCode = status;
        if (header is not null)
        {
            context.Response.Headers[header] = value;
        }
    }
}

/// <summary>A message as it came.</summary>
internal sealed record ReceivedMessage(string Path, string Id, long Timestamp, string Signature, byte[] Body)
{
    /// <summary>True when one of its signatures was made with <paramref name="secret"/>.</summary>
    public bool IsSignedWith(string secret) => Signature.Split(' ').Contains(WebhookSignature.Sign(secret, Id, Timestamp, Body));
}
