using AgentSystem.Api.Audit;
using AgentSystem.AppHost;
using AgentSystem.AppHost.Standalone;
using AgentSystem.ServiceDefaults.Startup;
using Microsoft.Extensions.Logging;

if (args is ["publish", .. var publishing])
{
    return await PublishVerb.RunAsync(publishing, Console.Out, Console.Error);
}

if (args is ["audit", .. var rest])
{
    return await AuditVerb.RunAsync(rest, Console.Out, Console.Error);
}

using var stop = new CancellationTokenSource();
using var signals = new StopSignals(stop);
using var loggers = LoggerFactory.Create(static logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(static console => console.SingleLine = true));
try
{
    var settings = StandaloneSettings.Read(StandaloneSettings.Sources(args));
    await using var system = await StandaloneSystem.StartAsync(args, settings, loggers, Banner.ShowAdminKey, stop);
    Banner.Show(system);
    await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    // Asked to leave while still starting; what had been started is down again.
}
catch (CannotStartException refusal)
{
    await Console.Error.WriteLineAsync(StartFailure.OneLine(refusal.Message));
    return 1;
}
catch (Exception failure) when (StartFailure.Cure(failure) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}

return signals.Received ? 0 : 1;
