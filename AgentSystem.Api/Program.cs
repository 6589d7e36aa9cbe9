using AgentSystem.Api;
using AgentSystem.Api.Audit;
using AgentSystem.Api.Hosting;
using AgentSystem.ServiceDefaults.Startup;

if (args is ["audit", .. var rest])
{
    return await AuditVerb.RunAsync(rest, Console.Out, Console.Error);
}

if (args is [MigrateVerb.Name, .. var settings])
{
    return await MigrateVerb.RunAsync(settings, Console.Out);
}

return await HostProgram.RunAsync(async () =>
{
    await using var app = ApiHost.Build(args);
    ListeningAddress.RefuseTaken(app, "AGENTSYSTEM_API_URL");
    if (await ApiHost.PrepareAsync(app, CancellationToken.None) is { } adminKey)
    {
        Console.WriteLine($"Admin key (shown once): {adminKey}");
    }

    await app.RunAsync();
});
