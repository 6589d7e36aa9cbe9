using System.Data.Common;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Every chat request passes here. The order of the seven phases is written in this file and nowhere else.</summary>
public sealed partial class ChatPipeline
{
    private readonly IReadOnlyList<IRunPhase> order;
    private readonly StorePhase store;
    private readonly KeyLimiter limiter;
    private readonly ContainmentBoard containment;
    private readonly RunRecorder recorder;
    private readonly TimeProvider time;
    private readonly ILogger<ChatPipeline> log;

    internal ChatPipeline(PipelinePhases phases, KeyLimiter limiter, ContainmentBoard containment, RunRecorder recorder, TimeProvider time, ILogger<ChatPipeline> log)
    {
        (this.limiter, this.containment, this.recorder, this.time, this.log) = (limiter, containment, recorder, time, log);
        store = phases.Store;
        order =
        [
            phases.Security,   // who asks, may they, is the request sound
            phases.Perception, // what images and sounds are, made safe to pass on
            phases.Routing,    // which instance, from its live load
            phases.Cache,      // has this been answered, exactly, for this user
            phases.Execution,  // a slot, the agent loop, under deadline, retry budget and breaker
            phases.Quality,    // may the answer leave
            phases.Store,      // may it be answered again from the cache
        ];
    }

    /// <summary>Runs one request to its end. Expected failures come back as values; whatever happens, it is recorded and its slot and limits are given back.</summary>
    public async Task<RunResult> RunAsync(ChatCall call, IAnswerSink? sink, CancellationToken cancellation)
    {
        var run = new RunContext(call, sink, new RunReport(time, call.Received));
        RunFailure? failure;
        // From here on whatever contains the caller or the agent stops this execution, in whichever phase it is.
        using var watch = containment.Watch(call.Caller.Tenant, call.Caller.KeyId, RequestUser.Name(call.Caller, call.User), call.Target, cancellation);
        try
        {
            failure = await RunPhasesAsync(run, watch.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (watch.StoppedBy is not null && !cancellation.IsCancellationRequested)
        {
            failure = ContainmentFailures.Of(watch.StoppedBy, call.Target);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            failure = call.Journal is null ? RunFailure.ClientGone : RunFailure.RunStopped;
        }
        catch (DbException e)
        {
            LogStoreAway(e, call.RequestId);
            failure = RunFailure.OfStore(e);
        }
        catch (RoleCallException e)
        {
            LogRoleAway(e, call.RequestId);
            failure = RunFailure.OfRole(e);
        }
        catch (Exception e)
        {
            LogBroken(e, call.RequestId);
            failure = new RunFailure(500, "server_error", "internal_error", $"Something went wrong on our side; quote request {call.RequestId} to the operator.");
        }

        var keptCut = failure == RunFailure.ClientGone && await KeepCutAsync(run).ConfigureAwait(false);
        if (failure is not null && run.BeginsThread && !keptCut)
        {
            // There is no turn to keep, so the thread was never begun, and nobody must be told its id.
            run.ThreadId = null;
        }

        if (run.Admitted)
        {
            limiter.Leave(call.Caller, run.Report.InputTokens + run.Report.OutputTokens);
        }

        return new RunResult(run, failure, recorder.Record(run, failure));
    }

    private async Task<bool> KeepCutAsync(RunContext run)
    {
        try
        {
            return await store.KeepCutAsync(run).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            LogStoreAway(e, run.Call.RequestId);
            return false;
        }
    }

    private async Task<RunFailure?> RunPhasesAsync(RunContext run, CancellationToken cancellation)
    {
        foreach (var phase in order)
        {
            using var activity = PipelineTelemetry.Source.StartActivity("phase " + phase.Name);
            if (await phase.RunAsync(run, cancellation).ConfigureAwait(false) is { } failure)
            {
                activity?.SetTag("error.type", failure.Code);
                return failure;
            }
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} was refused by the database")]
    private partial void LogStoreAway(Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} needed a role that could not be called")]
    private partial void LogRoleAway(Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed unexpectedly")]
    private partial void LogBroken(Exception exception, string requestId);
}

/// <summary>The seven phases, by name.</summary>
internal sealed record PipelinePhases(SecurityPhase Security, PerceptionPhase Perception, RoutingPhase Routing, CachePhase Cache, ExecutionPhase Execution, QualityPhase Quality, StorePhase Store);
