using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.Web;

return await HostProgram.RunAsync(async () =>
{
    await using var app = WebHost.Build(args, static _ => { });
    ListeningAddress.RefuseTaken(app, "AGENTSYSTEM_WEB_URL");
    await app.RunAsync();
});
