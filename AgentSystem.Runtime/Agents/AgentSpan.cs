using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The span <c>invoke_agent</c> of one run, with the attributes of OpenTelemetry's GenAI conventions (v1.41) and no message content.</summary>
internal sealed class AgentSpan : IDisposable
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "AgentSystem.Agents";

    private const string Operation = "invoke_agent";
    private static readonly ActivitySource Source = new(SourceName);
    private readonly Activity? activity;
    private readonly RunReport report;
    private ChatFinishReason? finish;

    private AgentSpan(Activity? activity, RunReport report) => (this.activity, this.report) = (activity, report);

    public static AgentSpan Start(AgentRun run)
    {
        var activity = Source.StartActivity($"{Operation} {run.Agent.Name}", ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", Operation)
            .SetTag("gen_ai.provider.name", Provider(run.Model))
            .SetTag("gen_ai.agent.id", $"{run.Agent.Tenant}/{run.Agent.Name}")
            .SetTag("gen_ai.agent.name", run.Agent.Name)
            .SetTag("gen_ai.agent.description", run.Agent.Description.Length == 0 ? null : run.Agent.Description)
            .SetTag("gen_ai.agent.version", run.Agent.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .SetTag("gen_ai.request.model", run.Model.View.Model ?? run.Model.View.Name)
            .SetTag("gen_ai.conversation.id", run.ConversationId);
        return new AgentSpan(activity, run.Report);
    }

    /// <summary>Moves on, with this span as the current one: between two pieces the reader's own context is current, and a later step would hang under that.</summary>
    public async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        var readers = Activity.Current;
        Activity.Current = activity ?? readers;
        try
        {
            if (!await updates.MoveNextAsync().ConfigureAwait(false))
            {
                return false;
            }

            // The run ends as its last answer does; the ones before it ended in calls of tools.
            finish = updates.Current.FinishReason ?? finish;
            return true;
        }
        catch (Exception e)
        {
            // The kind of failure only: a message could quote the conversation.
            activity?.SetTag("error.type", e is Resilience.ModelCallException known ? known.Failure.Code : e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            Activity.Current = readers;
        }
    }

    public void Dispose()
    {
        activity?.SetTag("gen_ai.usage.input_tokens", report.InputTokens)
            .SetTag("gen_ai.usage.output_tokens", report.OutputTokens)
            .SetTag("gen_ai.response.model", report.Model)
            .SetTag("gen_ai.response.finish_reasons", finish is { } reason ? new[] { reason.Value } : null);
        activity?.Dispose();
    }

    /// <summary>The conventions' name, as the model's client gives it to its own spans.</summary>
    private static string Provider(ModelEntry model) => model.Client.GetService<ChatClientMetadata>()?.ProviderName ?? model.View.Provider;
}
