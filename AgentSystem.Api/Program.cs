using AgentSystem.Api;

var app = ApiHost.Build(args);
if (await ApiHost.PrepareAsync(app, CancellationToken.None) is { } adminKey)
{
    Console.WriteLine($"Admin key (shown once): {adminKey}");
}

await app.RunAsync();
