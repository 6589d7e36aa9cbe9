using AgentSystem.Workers;

await WorkersHost.Build(args).RunAsync();
