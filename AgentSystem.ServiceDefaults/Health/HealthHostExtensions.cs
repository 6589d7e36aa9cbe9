using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.ServiceDefaults.Health;

/// <summary>The three questions a platform asks a process.</summary>
public static class HealthHostExtensions
{
    /// <summary>Checks that carry this tag decide over <c>/ready</c>.</summary>
    public const string Ready = "ready";

    private static readonly HealthCheckOptions Alive = new() { Predicate = static _ => false, ResponseWriter = WriteAsync };
    private static readonly HealthCheckOptions DataPath = new() { Predicate = static check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync };

    /// <summary>Adds the health service.</summary>
    public static WebApplicationBuilder AddHealth(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary><c>/alive</c> and <c>/health</c> say the process lives and ask no dependency; <c>/ready</c> asks the data path. None needs a key.</summary>
    public static void MapHealth(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthChecks("/alive", Alive).AllowAnonymous();
        app.MapHealthChecks("/health", Alive).AllowAnonymous();
        app.MapHealthChecks("/ready", DataPath).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString().ToLowerInvariant());
        return JsonSerializer.SerializeAsync(context.Response.Body, new { status = report.Status.ToString().ToLowerInvariant(), checks }, cancellationToken: context.RequestAborted);
    }
}
