using AgentSystem.Api.Chat;
using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary><c>POST /v1/responses</c>: whole, as a stream, or in the background.</summary>
internal sealed class CreateResponse(ChatPipeline pipeline, ResponseHistory history, IResponseStore store, IResponseRuns runs, Recorder recorder, ReadAlong readAlong, KeyWatches keys, TimeProvider time)
{
    private const string Endpoint = "responses";
    private const string Nothing = """{"error":null,"incomplete_details":null,"usage":null}""";

    /// <summary>The endpoint.</summary>
    public static Task Handle(HttpContext http, CreateResponse create) => create.AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var received = time.GetTimestamp();
        var (request, refused) = ResponseRequestParser.Parse(await ReadAsync(http));
        if (request is null)
        {
            await ErrorAnswers.WriteAsync(http, refused!, http.RequestAborted);
            return;
        }

        var caller = http.Caller();
        var (messages, user, failure) = await history.BuildAsync(request, caller, http.RequestAborted);
        if (failure is not null)
        {
            await ErrorAnswers.WriteAsync(http, failure, http.RequestAborted);
            return;
        }

        var call = new ChatCall(
            http.TraceIdentifier, Endpoint, caller, request.Model, messages, request.Options, user, request.Stream || request.Background, received, request.Conversation);
        var draft = Draft(request, caller, user);
        await (request.Background ? InBackgroundAsync(http, request, draft, call) : request.Stream ? StreamAsync(http, request, draft, call) : WholeAsync(http, request, draft, call));
    }

    private StoredResponse Draft(ResponseRequest request, Caller caller, string? user)
    {
        var now = time.GetUtcNow();
        var id = ItemIds.Response(now);
        // Only what is read along needs a recording.
        var recording = request.Store && (request.Stream || request.Background) ? recorder.NewId() : null;
        return new StoredResponse(
            caller.Tenant, id, caller.KeyId, RequestUser.Name(caller, user), request.PreviousId, recording, request.Background,
            request.Background ? ResponseStatus.Queued : ResponseStatus.InProgress, request.Echo.ToJsonString(ResponseJson.Values), request.Input.ToJsonString(ResponseJson.Values), "[]", request.Background ? Begun(id) : Nothing, now, null);
    }

    /// <summary>Nothing is known yet but the run, at whose path calls of tools are approved.</summary>
    private static string Begun(string id) => $"{Nothing[..^1]},\"agentsystem\":{{\"run_id\":\"{ItemIds.RunOf(id)}\"}}}}";

    private async Task WholeAsync(HttpContext http, ResponseRequest request, StoredResponse draft, ChatCall call)
    {
        var result = await pipeline.RunAsync(call, null, http.RequestAborted);
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (result.Failure is { } failure)
        {
            await FailAsync(http, result, failure);
            return;
        }

        var output = new ResponseOutput(static (_, _) => { });
        output.Take(result.Run.Answer!.Messages.SelectMany(static message => message.Contents));
        var whole = Ended(draft, ResponseEnds.Of(result, output, time.GetUtcNow()));
        if (request.Store)
        {
            // The answer is there and paid for: it is kept also when the client has left meanwhile.
            await store.AddAsync(whole, recorder.Owner, CancellationToken.None);
        }

        AnswerHeaders.WriteLate(http.Response.Headers, result);
        await WriteAsync(http, whole);
    }

    private async Task StreamAsync(HttpContext http, ResponseRequest request, StoredResponse draft, ChatCall call)
    {
        var stream = new ResponseStream(draft, http, begun => request.Store ? BeginAsync(begun) : Task.FromResult<RecordingWriter?>(null));
        await using var key = keys.Over(http);
        var result = key.Explain(await pipeline.RunAsync(call, stream, key.Token));
        if (result.Failure is { } failure)
        {
            if (!stream.HasBegun)
            {
                await (http.RequestAborted.IsCancellationRequested ? Task.CompletedTask : FailAsync(http, result, failure));
                return;
            }

            RecordedAnswer.MarkFailed(http);
        }

        var end = ResponseEnds.Of(result, stream.Output, time.GetUtcNow());
        if (request.Store && stream.HasBegun && !await store.EndAsync(draft.Tenant, draft.Id, end, CancellationToken.None))
        {
            // Given up for dead or deleted while it was made; the client is told what others are told.
            end = end with { Status = ResponseStatus.Failed, Result = LostResponse.Result };
        }

        if (key.IsRevoked)
        {
            stream.Warn(KeyWatch.Revoked);
        }

        var gone = http.RequestAborted;
        await stream.FinishAsync(result.Run, Ended(draft, end), gone.IsCancellationRequested ? CancellationToken.None : gone);
    }

    private async Task InBackgroundAsync(HttpContext http, ResponseRequest request, StoredResponse draft, ChatCall call)
    {
        var events = new ResponseEvents();
        var order = ResponseOrder.Write(call.RequestId, call.Messages, call.Options, call.User);
        await runs.QueueAsync(draft, order, Run(draft, call), [events.Frame("response.created", draft), events.Frame("response.queued", draft)], http.RequestAborted);
        await (request.Stream ? readAlong.WriteAsync(http, ResponseAccess.Of(call.Caller), draft, 0) : WriteAsync(http, draft));
    }

    /// <summary>The run that makes it, in whichever process takes it. What it is asked is for people to read; the conversation itself is in the order.</summary>
    private static NewRun Run(StoredResponse draft, ChatCall call)
    {
        var begins = call.Thread == RunIntake.NewThread;
        var asked = call.Messages.LastOrDefault(static message => message.Role == ChatRole.User && message.Text.Length > 0)?.Text ?? "";
        return new NewRun(call.Caller, draft.User, call.Target, RunIntake.Input(asked[..Math.Min(asked.Length, ThreadLimits.MaxText)]))
        {
            Id = ItemIds.RunOf(draft.Id),
            ThreadId = begins ? ThreadLimits.NewId(draft.CreatedAt) : call.Thread,
            BeginsThread = begins,
        };
    }

    private async Task<RecordingWriter?> BeginAsync(StoredResponse response)
    {
        await store.AddAsync(response, recorder.Owner, CancellationToken.None);
        return recorder.Adopt(response.RecordingKey!);
    }

    private static StoredResponse Ended(StoredResponse draft, ResponseEnd end) => draft with { Status = end.Status, Output = end.Output, Result = end.Result, CompletedAt = end.At };

    private static async Task FailAsync(HttpContext http, RunResult result, RunFailure failure)
    {
        AnswerHeaders.WriteEarly(http.Response.Headers, result.Run);
        await ErrorAnswers.WriteAsync(http, ResponseFailures.InOurWords(failure), http.RequestAborted);
    }

    /// <summary>Writes a response object as the whole answer.</summary>
    public static async Task WriteAsync(HttpContext http, StoredResponse response)
    {
        var body = ResponseJson.Write(ResponseJson.Of(response));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, BodyLimits.MaxBytes));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
