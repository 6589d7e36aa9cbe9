using System.Collections.Concurrent;
using System.Data.Common;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Responses;

/// <summary>Responses that are made whether their client waits or not. They end with their process: whoever asks then learns it.</summary>
internal sealed partial class BackgroundResponses(ChatPipeline pipeline, IResponseStore store, IOptions<ResponsesOptions> options, TimeProvider time, ILogger<BackgroundResponses> log) : IHostedService, IDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (Task Work, CancellationTokenSource Stop)> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();

    /// <summary>True when this process takes no more.</summary>
    public bool IsFull => running.Count >= options.Value.MaxBackground;

    /// <summary>Begins to work on a response that is kept already.</summary>
    public void Start(StoredResponse response, ChatCall call, RecordingWriter recording)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, recording.Lost);
        var stream = ResponseStream.ForRecording(response, recording);
        // Held back until it is in the list, from which it takes itself at its end.
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running[response.Id] = (MakeAsync(response, call, stream, recording, go.Task, stop), stop);
        go.SetResult();
    }

    /// <summary>Stops one that is made here; somewhere else its producer finds out by itself.</summary>
    public void Cancel(string id)
    {
        if (running.TryGetValue(id, out var work))
        {
            work.Stop.Cancel();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ending.CancelAsync();
        await Task.WhenAll(running.Values.Select(static work => work.Work)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => ending.Dispose();

    private async Task MakeAsync(StoredResponse response, ChatCall call, ResponseStream stream, RecordingWriter recording, Task go, CancellationTokenSource stop)
    {
        await go;
        try
        {
            if (await TriedAsync(() => store.StartAsync(response.Tenant, response.Id, CancellationToken.None), response.Id) is not true)
            {
                return;
            }

            stream.InProgress();
            var result = await pipeline.RunAsync(call, stream, stop.Token);
            if (recording.Lost.IsCancellationRequested)
            {
                // Cancelled, deleted or given up for dead elsewhere: whoever did it says what the response is, not this producer.
                return;
            }

            var end = ResponseEnds.Of(result, stream.Output, time.GetUtcNow());
            if (ending.IsCancellationRequested && end.Status == ResponseStatus.Cancelled)
            {
                end = end with { Status = ResponseStatus.Failed, Result = LostResponse.Result };
            }

            // False: it was cancelled, deleted or given up, and what came of it is nobody's.
            if (await TriedAsync(() => store.EndAsync(response.Tenant, response.Id, end, CancellationToken.None), response.Id) is true)
            {
                await stream.FinishAsync(result.Run, response with { Status = end.Status, Output = end.Output, Result = end.Result, CompletedAt = end.At }, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits this task before the host ends; the response is found lost by whoever asks.
            LogBroken(exception, response.Id);
        }
        finally
        {
            _ = recording.EndAsync(RecordingState.Failed);
            running.TryRemove(response.Id, out _);
            stop.Dispose();
        }
    }

    /// <summary>A database that is away for a moment costs no answer that was paid for. Null: it stayed away.</summary>
    private async Task<bool?> TriedAsync(Func<Task<bool>> act, string id)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (DbException exception)
            {
                if (attempt == Attempts)
                {
                    LogLeft(exception, id);
                    return null;
                }

                await Task.Delay(Pause, time);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Background response {Response} failed unexpectedly")]
    private partial void LogBroken(Exception exception, string response);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not take what became of background response {Response}")]
    private partial void LogLeft(Exception exception, string response);
}
