using System.Runtime.InteropServices;

namespace AgentSystem.Benchmarks;

/// <summary>Turns Ctrl+C and SIGTERM into a cancellation, so that a benchmark that is cut short stops its servers and removes their files.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] signals;

    public Interruption() => signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];

    /// <summary>The exit status of a program that a signal ended, as shells count.</summary>
    public const int Status = 130;

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var signal in signals)
        {
            signal.Dispose();
        }

        source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        source.Cancel();
    }
}
