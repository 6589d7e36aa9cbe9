using AgentSystem.Web;

await WebHost.Build(args, static _ => { }).RunAsync();
