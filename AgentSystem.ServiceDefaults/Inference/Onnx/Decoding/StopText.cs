namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>Cuts text at the first stop string, holding back what might yet become one.</summary>
internal sealed class StopText(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>True once a stop string was met; everything after it is dropped.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes text in and gives out what can no longer be part of a stop string.</summary>
    public string Push(string text)
    {
        if (stops.Count == 0 || IsStopped)
        {
            return IsStopped ? "" : text;
        }

        _held += text;
        var cut = stops.Select(stop => _held.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        IsStopped = cut >= 0;
        var safe = IsStopped ? cut : _held.Length - stops.Max(OpenEnd);
        var passed = _held[..safe];
        _held = IsStopped ? "" : _held[safe..];
        return passed;
    }

    /// <summary>Gives out what was held back: nothing more will come.</summary>
    public string Flush()
    {
        (var rest, _held) = (_held, "");
        return rest;
    }

    // Length of the longest end of the held text that a stop string begins with.
    private int OpenEnd(string stop)
    {
        for (var length = Math.Min(stop.Length - 1, _held.Length); length > 0; length--)
        {
            if (_held.EndsWith(stop[..length], StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }
}
