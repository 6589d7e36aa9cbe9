using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.Workers;

return await HostProgram.RunAsync(async () =>
{
    await using var app = WorkersHost.Build(args);
    ListeningAddress.RefuseTaken(app, "urls");
    await app.RunAsync();
});
