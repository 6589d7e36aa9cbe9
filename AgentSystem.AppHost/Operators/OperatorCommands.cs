using System.Net.Http.Headers;

namespace AgentSystem.AppHost.Operators;

/// <summary>What an operator can do to the platform from the dashboard: the same calls of the API that anyone with an admin key can make.</summary>
internal static class OperatorCommands
{
    /// <summary>Adds the commands, and the key they are made with: one of the AppHost's own, new with each start, which the API accepts beside the operator's.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(this IResourceBuilder<ProjectResource> api)
    {
        // In a cluster there is no dashboard of ours that would hold such a key.
        if (api.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return api;
        }

        var key = api.ApplicationBuilder.AddParameter("orchestrator-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true);
        return api
            .WithEnvironment("AGENTSYSTEM_ORCHESTRATOR_KEY", key)
            .WithHttpCommand("/api/v1/cache", "Flush the cache", "http", "flush-cache", new HttpCommandOptions
            {
                Method = HttpMethod.Delete,
                Description = "Forget every kept answer; the next ones are computed afresh.",
                IconName = "Broom",
                ResultMode = HttpCommandResultMode.Json,
                PrepareRequest = SignAsync,
            })
            .WithHttpCommand("/api/v1/instances/local/drain", "Drain", "http", "drain", new HttpCommandOptions
            {
                Description = "Take no new runs; those there are go on to their end.",
                ConfirmationMessage = "New requests will be refused with 503 until you resume. Go on?",
                IconName = "PauseCircle",
                ResultMode = HttpCommandResultMode.Json,
                PrepareRequest = SignAsync,
            })
            .WithHttpCommand("/api/v1/instances/local/resume", "Resume", "http", "resume", new HttpCommandOptions
            {
                Description = "Take new runs again after a drain.",
                IconName = "PlayCircle",
                ResultMode = HttpCommandResultMode.Json,
                PrepareRequest = SignAsync,
            })
            .WithHttpCommand("/api/v1/keys/admin/rotate", "Rotate the admin key", "http", "rotate-admin-key", new HttpCommandOptions
            {
                Description = "Make a new admin key, shown once in the result; the old one stops within seconds. Where AGENTSYSTEM_ADMIN_KEY is set, change it instead.",
                ConfirmationMessage = "Everybody who uses the admin key needs the new one. Go on?",
                IconName = "KeyReset",
                PrepareRequest = SignAsync,
                GetCommandResult = ShowAsync,
            });

        async Task SignAsync(HttpCommandRequestContext context) =>
            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await key.Resource.GetValueAsync(context.CancellationToken));
    }

    /// <summary>The new key is told this one time, so the dashboard opens it at once instead of waiting to be asked.</summary>
    private static async Task<ExecuteCommandResult> ShowAsync(HttpCommandResultContext context)
    {
        var body = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        var shown = new CommandResultData { Value = body, Format = CommandResultFormat.Json, DisplayImmediately = true };
        return context.Response.IsSuccessStatusCode
            ? CommandResults.Success("The admin key was replaced.", shown)
            : CommandResults.Failure($"The admin key was not replaced ({(int)context.Response.StatusCode}).", shown);
    }
}
