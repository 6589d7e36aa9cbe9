using System.Runtime.InteropServices;

namespace AgentSystem.AppHost.Standalone;

/// <summary>Ctrl+C, a terminal that closes, and the stop of a service manager all mean: drain and leave. A second Ctrl+C means: at once. Every other signal may come twice (a
/// service manager stops a whole group, and <c>dotnet run</c> passes on what it gets itself) and then means the same as once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private bool interrupted;

    public StopSignals(CancellationTokenSource stop) =>
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            // Uncancelled, the signal does what it does to any process.
            context.Cancel = !(interrupted && signal == PosixSignal.SIGINT);
            interrupted |= signal == PosixSignal.SIGINT;
            Received = true;
            stop.Cancel();
        }))];

    /// <summary>True when somebody asked; false when a host gave up by itself.</summary>
    public bool Received { get; private set; }

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }
    }
}
