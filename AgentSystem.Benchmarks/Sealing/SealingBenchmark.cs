using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentSystem.Benchmarks.Sealing.Postgres;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Benchmarks.Sealing;

/// <summary>What sealing adds to an idempotent request: its answer is kept and given again, sealed and in plain, on one server.</summary>
internal static class SealingBenchmark
{
    private const int Rounds = 9;
    private const int Times = 200;
    private const int Alone = 2_000;

    public static async Task<Report> RunAsync(CancellationToken cancellation)
    {
        await using var server = await DurableServer.StartAsync("sealing", cancellation);
        var (sealedAnswers, plain, box) = RecordedAnswers.Over(server);
        var rows = new List<IReadOnlyList<object>>();
        foreach (var kilobytes in new[] { 2, 32 })
        {
            var answer = Answer(kilobytes * 1024);
            await sealedAnswers.MeasureAsync(answer, Times, cancellation);
            await plain.MeasureAsync(answer, Times, cancellation);
            var rounds = new List<(double Sealed, double Plain, double Alone)>();
            for (var round = 0; round < Rounds; round++)
            {
                var first = round % 2 == 0 ? await sealedAnswers.MeasureAsync(answer, Times, cancellation) : 0;
                var other = await plain.MeasureAsync(answer, Times, cancellation);
                rounds.Add((first > 0 ? first : await sealedAnswers.MeasureAsync(answer, Times, cancellation), other, await AloneAsync(box, answer, cancellation)));
            }

            rows.Add([kilobytes, Spread.Of(rounds.Select(static round => round.Sealed)), Spread.Of(rounds.Select(static round => round.Plain)), Spread.Of(rounds.Select(static round => round.Sealed / round.Plain)), Spread.Of(rounds.Select(static round => round.Alone))]);
        }

        return new Report(
            "sealing",
            $"an answer is begun, written with its end and read again, {Times} times in a row in each round, against {DurableServer.Description}",
            ["answer KB", "sealed ms", "plain ms", "sealed to plain", "sealing and opening alone us"],
            rows,
            ["Median over the rounds with lowest and highest; ratios are taken within each round. Plain is the same store with a box that does nothing.", "alone: packing, sealing, opening and unpacking, without the database."],
            Rounds);
    }

    private static async Task<double> AloneAsync(ISecretBox box, byte[] answer, CancellationToken cancellation)
    {
        var place = new SealedPlace("default", "recording_blocks.payload", "benchmark/0");
        var begun = Stopwatch.GetTimestamp();
        for (var number = 0; number < Alone; number++)
        {
            (await box.OpenAsync(place, await box.SealAsync(place, answer, cancellation), cancellation)).Require();
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Alone;
    }

    // Events of a stream, which are most of what is recorded: much of one is in the next.
    private static byte[] Answer(int bytes)
    {
        var text = new StringBuilder();
        for (var number = 0; text.Length < bytes; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $$$"""data: {"id":"chatcmpl-7","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word{{{number * 7919 % 10_007}}} "}}]}""").Append("\n\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, bytes));
    }
}
