using System.Data.Common;
using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Requests for vectors: who may, the key's limits, the model, and the same record as every other request.</summary>
public sealed partial class EmbeddingPipeline(
    IModelDirectory models, Embedder embedder, KeyLimiter limiter, ContainmentBoard containment, IFactLog facts, PipelineTelemetry telemetry, TimeProvider time, ILogger<EmbeddingPipeline> log)
{
    /// <summary>The model that is meant when no other one is named.</summary>
    public const string Default = "embed";

    private const string Bare = "model:";
    private const string Endpoint = "embeddings";

    /// <summary>Runs one request to its end. Expected failures come back as values; whatever happens, it is recorded.</summary>
    public async Task<EmbeddingResult> RunAsync(EmbeddingCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var report = new RunReport(time, call.Received);
        var (vectors, failure, limits) = await AnswerAsync(call, report, cancellation).ConfigureAwait(false);
        return new EmbeddingResult(vectors, failure, Record(call, report, failure), limits);
    }

    private async Task<(IReadOnlyList<ReadOnlyMemory<float>>, RunFailure?, LimitVerdict?)> AnswerAsync(EmbeddingCall call, RunReport report, CancellationToken cancellation)
    {
        if (call is { User: { } user, Caller.BoundUser: { } bound } && user != bound)
        {
            return ([], RunFailure.Forbidden("user_not_allowed", "This key is bound to one user and cannot speak for another; leave \"user\" out.", "user"), null);
        }

        if (call.User is { } named && RequestUser.IsReserved(named))
        {
            return ([], RunFailure.Invalid("invalid_value", RequestUser.ReservedMessage, "user"), null);
        }

        if (Find(call) is not { } model)
        {
            return ([], NoSuchModel(call.Target), null);
        }

        if (call.Dimensions is { } wanted && (!model.Truncates || wanted > model.Dimensions))
        {
            return ([], RunFailure.Invalid("unsupported_value", $"Model \"{model.View.Name}\" cannot make vectors of {wanted} numbers; leave \"dimensions\" out.", "dimensions"), null);
        }

        if (containment.Current.Stops(call.Caller.Tenant, call.Caller.KeyId, RequestUser.Name(call.Caller, call.User), Bare + model.View.Name) is { } by)
        {
            return ([], ContainmentFailures.Of(by, Bare + model.View.Name), null);
        }

        var limits = limiter.Enter(call.Caller);
        if (limits.Refusal is { } reason)
        {
            return ([], new RunFailure(429, "rate_limit_error", "rate_limit_exceeded", reason, RetryAfter: limits.RetryAfter), limits);
        }

        try
        {
            var vectors = await embedder.EmbedAsync(model, call.Texts, call.Dimensions, report, Charge(call, model), cancellation).ConfigureAwait(false);
            return call.Dimensions is { } asked && vectors.Any(vector => vector.Length != asked)
                ? ([], RunFailure.Invalid("unsupported_value", $"Model \"{model.View.Name}\" makes vectors of {vectors[0].Length} numbers; leave \"dimensions\" out or ask for fewer.", "dimensions"), limits)
                : (vectors, null, limits);
        }
        catch (ModelCallException e)
        {
            return ([], RunFailure.OfModel(e.Failure), limits);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ([], RunFailure.ClientGone, limits);
        }
        catch (DbException e)
        {
            LogStoreAway(e, call.RequestId);
            return ([], RunFailure.OfStore(e), limits);
        }
        catch (Exception e)
        {
            LogBroken(e, call.RequestId);
            return ([], new RunFailure(500, "server_error", "internal_error", $"Something went wrong on our side; quote request {call.RequestId} to the operator."), limits);
        }
        finally
        {
            limiter.Leave(call.Caller, report.InputTokens);
        }
    }

    private static BudgetScope Charge(EmbeddingCall call, EmbedderEntry model) =>
        new(call.Caller.Tenant, call.Caller.KeyId, call.Caller.Team, call.User, Bare + model.View.Name, 1, call.RequestId);

    private EmbedderEntry? Find(EmbeddingCall call)
    {
        var name = call.Target.StartsWith(Bare, StringComparison.Ordinal) ? call.Target[Bare.Length..] : call.Target;
        if (!models.TryGetEmbedder(name, out var model) && name == Default && models.Models.FirstOrDefault(each => each.Kind == ModelKind.Embedding) is { } first)
        {
            models.TryGetEmbedder(first.Name, out model);
        }

        return model is not null && call.Caller.MayCall(Bare + model.View.Name) ? model : null;
    }

    private RunFailure NoSuchModel(string target)
    {
        var name = target.StartsWith(Bare, StringComparison.Ordinal) ? target[Bare.Length..] : target;
        return models.TryGet(name, out _)
            ? RunFailure.Invalid("model_answers_conversations", $"Model \"{name}\" answers conversations and makes no vectors; GET /v1/models lists what there is, \"{Default}\" is always one that does.", "model")
            : RunFailure.NotFound("model_not_found", $"There is no embedding model \"{target}\" that this key may call; GET /v1/models lists those it may.", "model");
    }

    private RequestUsage Record(EmbeddingCall call, RunReport report, RunFailure? failure)
    {
        var elapsed = report.Elapsed;
        var usage = new RequestUsage(
            call.RequestId, call.Caller.Tenant, call.Caller.KeyId, call.User,
            call.Target[..Math.Min(call.Target.Length, 200)], 1, "model", report.Model ?? "", "",
            time.GetUtcNow() - elapsed, failure?.Status ?? 200, failure?.Code ?? "success", "miss", Streamed: false,
            report.InputTokens, 0, report.CostUsd, Milliseconds(elapsed), null, Milliseconds(report.Overhead(elapsed)), report.Attempts,
            failure is null ? "passed" : "unchecked", [], BudgetRemaining: report.BudgetRemaining);
        facts.Append(new RequestServed(usage.Tenant, usage.At, usage));
        telemetry.Served(usage, Endpoint);
        return usage;
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} for vectors was refused by the database")]
    private partial void LogStoreAway(Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} for vectors failed unexpectedly")]
    private partial void LogBroken(Exception exception, string requestId);
}
