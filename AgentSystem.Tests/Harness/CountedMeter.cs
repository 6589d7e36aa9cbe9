using System.Diagnostics.Metrics;

namespace AgentSystem.Tests.Harness;

/// <summary>Adds up what one counter of one meter factory reports.</summary>
internal sealed class CountedMeter : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly List<string> tags = [];
    private long total;

    public CountedMeter(IMeterFactory factory, string meter, string counter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == meter && instrument.Name == counter && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, reported, _) =>
        {
            lock (gate)
            {
                total += value;
                foreach (var tag in reported)
                {
                    tags.Add($"{tag.Key}={tag.Value}");
                }
            }
        });
        listener.Start();
    }

    public long Total
    {
        get
        {
            lock (gate)
            {
                return total;
            }
        }
    }

    /// <summary>Every tag that was reported, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Tags
    {
        get
        {
            lock (gate)
            {
                return [.. tags];
            }
        }
    }

    public void Dispose() => listener.Dispose();
}
