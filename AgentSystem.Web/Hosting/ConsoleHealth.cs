using AgentSystem.ServiceDefaults.Health;
using AgentSystem.Web.Clients;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Web.Hosting;

internal static class ConsoleHealth
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The console is ready when the API is: without it there is nothing to show.</summary>
    public static void AddConsoleHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<ApiReadyCheck>("api", tags: [HealthHostExtensions.Ready], timeout: Limit);

    private sealed class ApiReadyCheck(IHttpClientFactory clients) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                using var client = clients.CreateClient(AgentSystemClient.HttpClientName);
                using var answer = await client.GetAsync(new Uri("/ready", UriKind.Relative), cancellationToken);
                return answer.IsSuccessStatusCode
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy($"The API's /ready answers {(int)answer.StatusCode}.");
            }
            catch (HttpRequestException)
            {
                return HealthCheckResult.Unhealthy("The API cannot be reached; check Api:Url.");
            }
        }
    }
}
