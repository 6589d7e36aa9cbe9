using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Web.Hosting;

internal static class ConsoleHealth
{
    private const string Ready = "ready";

    public static void AddConsoleHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<ApiReadyCheck>("api", tags: [Ready], timeout: TimeSpan.FromSeconds(3));

    /// <summary><c>/alive</c> and <c>/health</c> ask no dependency; <c>/ready</c> asks the Api, without which the console shows nothing.</summary>
    public static void MapConsoleHealth(this IEndpointRouteBuilder routes)
    {
        var process = new HealthCheckOptions { Predicate = static _ => false };
        routes.MapHealthChecks("/alive", process).AllowAnonymous();
        routes.MapHealthChecks("/health", process).AllowAnonymous();
        routes.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains(Ready) }).AllowAnonymous();
    }

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
