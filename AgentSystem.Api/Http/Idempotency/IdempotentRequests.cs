using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> on every POST of both surfaces: the first request runs, and goes on when its client leaves; the same again gets its answer, or reads along; another body is 422.
/// </summary>
internal sealed class IdempotentRequests(
    RequestDelegate next, IIdempotencyStore store, Recorder recorder, Replay replay, IOptions<IdempotencyOptions> options, TimeProvider time, IHostApplicationLifetime host)
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private static RunFailure WrongKey { get; } = RunFailure.Invalid("invalid_idempotency_key", $"\"{Header}\" must be one header of {IdempotencyKey.Rule}.", Header);

    private static RunFailure OtherBody { get; } = new(
        422, "invalid_request_error", "idempotency_key_reused", $"This \"{Header}\" was used on this path for another body; send the same body, or another key.", Header);

    private static RunFailure Running { get; } = new(
        409, "invalid_request_error", "request_in_progress", $"The request with this \"{Header}\" is still running; ask again with the same key for its answer.", Header, Again);

    public async Task InvokeAsync(HttpContext http)
    {
        if (!Concerns(http))
        {
            await next(http);
            return;
        }

        if (http.Request.Headers[Header] is not [{ } header] || IdempotencyKey.Read(header) is not { } key)
        {
            await ErrorAnswers.WriteAsync(http, WrongKey, http.RequestAborted);
            return;
        }

        var (caller, body) = (http.Caller(), await BufferAsync(http));
        var request = new IdempotentRequest(caller.Tenant, RequestHash.Scope(caller.KeyId, http.Request.Path, key), HashOf(http.Request, body), NamedUser.Of(caller, http.Request, body));
        await ServeAsync(http, request, StreamWanted.In(http.Request, body));
    }

    private async Task ServeAsync(HttpContext http, IdempotentRequest request, bool stream)
    {
        using var patience = stream ? new CancellationTokenSource() : new CancellationTokenSource(options.Value.MaxWait, time);
        while (true)
        {
            // Not given up half-way: a request that was taken and then left would block its own repetition.
            switch (await store.ClaimAsync(request, recorder.Owner, CancellationToken.None))
            {
                case Claim.Taken taken:
                    await RunAsync(http, recorder.Adopt(taken.Recording));
                    return;
                case Claim.OtherBody:
                    await ErrorAnswers.WriteAsync(http, OtherBody, http.RequestAborted);
                    return;
                case Claim.Recorded theirs:
                    switch (await replay.WriteAsync(http, theirs.Recording, patience.Token))
                    {
                        case Replayed.Written:
                            return;
                        case Replayed.StillRunning:
                            await ErrorAnswers.WriteAsync(http, Running, http.RequestAborted);
                            return;
                        case Replayed.NothingThere:
                            // Its producer died, or failed without an answer: the request is free again.
                            break;
                    }

                    break;
            }
        }
    }

    private async Task RunAsync(HttpContext http, RecordingWriter recording)
    {
        var (client, body, response) = (http.RequestAborted, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), http.Features.GetRequiredFeature<IHttpResponseFeature>());
        using var stop = new CancellationTokenSource();
        // A client that leaves ends nothing, unless the host is ending too.
        using var left = client.Register(() => StopIf(stop, host.ApplicationStopping.IsCancellationRequested));
        using var ending = host.ApplicationStopping.Register(() => StopIf(stop, client.IsCancellationRequested));
        await using var answer = new RecordedAnswer(http, recording, client);
        http.Features.Set(answer);
        http.Features.Set<IHttpResponseFeature>(new RecordedResponse(response, answer));
        http.Response.Body = answer;
        http.RequestAborted = stop.Token;
        try
        {
            await next(http);
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            await answer.CompleteAsync(time, stop.IsCancellationRequested);
        }
        catch
        {
            answer.Break();
            throw;
        }
        finally
        {
            http.Features.Set<RecordedAnswer>(null);
            http.Features.Set(response);
            http.Features.Set(body);
            http.RequestAborted = client;
        }
    }

    private static void StopIf(CancellationTokenSource stop, bool both)
    {
        if (both)
        {
            stop.Cancel();
        }
    }

    private static bool Concerns(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.ContainsKey(Header) && http.GetEndpoint() is not null
        && (http.Request.Path.StartsWithSegments("/v1") || http.Request.Path.StartsWithSegments("/api/v1"));

    private static async Task<ReadOnlyMemory<byte>> BufferAsync(HttpContext http)
    {
        var all = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, BodyLimits.MaxBytes));
        await http.Request.Body.CopyToAsync(all, http.RequestAborted);
        all.Position = 0;
        http.Request.Body = all;
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static byte[] HashOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var known = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        return RequestHash.Body(
            request.QueryString.Value ?? "", known ? type!.MediaType.ToString().ToLowerInvariant() : request.ContentType ?? "", known ? HeaderUtilities.RemoveQuotes(type!.Boundary).Value : null, body);
    }
}

/// <summary>How it is put in its place.</summary>
internal static class IdempotentRequestsExtensions
{
    /// <summary>Stands behind authorization and the checks of bodies: what is refused there is not recorded.</summary>
    public static void UseIdempotency(this IApplicationBuilder app) => app.UseMiddleware<IdempotentRequests>();
}
