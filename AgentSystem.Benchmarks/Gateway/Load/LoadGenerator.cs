using System.Diagnostics;
using System.Text.Json;

namespace AgentSystem.Benchmarks.Gateway.Load;

/// <summary>
/// Asks in a closed loop: a connection's next question waits for its last answer, so a slow subject is asked less often and its percentiles flatter it where real callers
/// would queue. That is said with the figures. Lives as a process through all rounds, so that its own code is compiled before anything is measured.
/// </summary>
internal static class LoadGenerator
{
    public const string Name = "load";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static long asked;

    /// <summary>Obeys a <see cref="LoadOrder"/> a line until there are no more, and answers each with a line.</summary>
    public static async Task ServeAsync(string[] arguments, CancellationToken stop)
    {
        while (await Console.In.ReadLineAsync(stop) is { } line)
        {
            var result = await RunAsync(JsonSerializer.Deserialize<LoadOrder>(line)!, stop);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result));
        }
    }

    /// <summary>Does what an order says.</summary>
    public static async Task<LoadResult> RunAsync(LoadOrder order, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(order.Seconds) + Patience);
        var askers = Enumerable.Range(0, order.Connections).Select(_ => new Asker(order)).ToArray();
        try
        {
            foreach (var asker in askers)
            {
                await asker.ConnectAsync(patience.Token);
            }

            var start = Stopwatch.GetTimestamp();
            long left = order.Questions ?? long.MaxValue;
            await Task.WhenAll(askers.Select(asker => Task.Run(() => asker.AskAsync(Next, patience.Token), patience.Token)));
            return Sum(askers, Stopwatch.GetElapsedTime(start).TotalSeconds);

            // Numbers go on over all orders: no question is ever asked twice.
            long? Next() => Stopwatch.GetElapsedTime(start).TotalSeconds < order.Seconds && Interlocked.Decrement(ref left) >= 0 ? Interlocked.Increment(ref asked) : null;
        }
        finally
        {
            foreach (var asker in askers)
            {
                asker.Dispose();
            }
        }
    }

    private static LoadResult Sum(Asker[] askers, double seconds)
    {
        var whole = askers.SelectMany(asker => asker.Whole).Order().ToArray();
        var first = askers.SelectMany(asker => asker.First).Order().ToArray();
        return new LoadResult(
            whole.Length, askers.Sum(asker => asker.Errors), askers.Select(asker => asker.FirstError).FirstOrDefault(error => error is not null), seconds,
            Percentile(whole, 50), Percentile(whole, 95), Percentile(whole, 99), Percentile(first, 50));
    }

    /// <summary>The smallest value that so many percent do not exceed (nearest rank); 0 of none.</summary>
    internal static double Percentile(double[] sorted, int percent) => sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
}
