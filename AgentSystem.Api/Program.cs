using AgentSystem.Api;
using AgentSystem.Api.Audit;
using AgentSystem.ServiceDefaults.Startup;

if (args is ["audit", .. var rest])
{
    return await AuditVerb.RunAsync(rest, Console.Out, Console.Error);
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
