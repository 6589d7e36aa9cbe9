using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Benchmarks.Roles;

/// <summary>What one hop to a role costs: the same call of the same implementation in this process and over gRPC with TLS 1.3 and certificates on both sides, on loopback; and a stream's pieces.</summary>
internal static class RolesBenchmark
{
    private static readonly RolesBench Whole = new(Rounds: 9, Calls: 2_000, Pieces: 2_000, Warm: 2_000);

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(Whole, cancellation);

    public static async Task<Report> RunAsync(RolesBench bench, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), "agentsystem-roles-" + Path.GetRandomFileName());
        try
        {
            await using var role = await ServeAsync(folder, cancellation);
            await using var caller = Caller(folder, role.Urls.Single(static url => url.StartsWith("https", StringComparison.Ordinal)));
            var (here, there) = (new EchoMemory(), caller.GetRequiredService<IMemoryService>());
            var (streamHere, streamThere) = (new CountingInference(), caller.GetRequiredService<IInferenceService>());
            await CallsAsync(there, bench.Warm, 1, cancellation);
            await CallsAsync(here, bench.Warm, 1, cancellation);
            await PiecesAsync(streamThere, bench.Warm, cancellation);

            var rounds = new List<Round>();
            for (var round = 0; round < bench.Rounds; round++)
            {
                rounds.Add(new Round(
                    await CallsAsync(here, bench.Calls, 1, cancellation), await CallsAsync(there, bench.Calls, 1, cancellation), await CallsAsync(there, bench.Calls, 16, cancellation),
                    await PiecesAsync(streamHere, bench.Pieces, cancellation), await PiecesAsync(streamThere, bench.Pieces, cancellation)));
            }

            return new Report(
                "roles",
                $"{bench.Calls} calls a round, each after the one before it ended, of a memory that gives back what it got (200 characters); streams of {bench.Pieces} pieces",
                ["what", "p50 µs", "p99 µs"],
                [
                    Row("call, in process", rounds.Select(static round => round.Here)),
                    Row("call, gRPC and TLS", rounds.Select(static round => round.There)),
                    Row("call, gRPC and TLS, 16 at once", rounds.Select(static round => round.Together)),
                    Row("piece of a stream, in process", rounds.Select(static round => round.PiecesHere)),
                    Row("piece of a stream, gRPC and TLS", rounds.Select(static round => round.PiecesThere)),
                ],
                [
                    "Median over the rounds with lowest and highest. Both ends are this one process, on loopback and on the same processors: a network adds its own time, a machine of its own takes the serving off this one.",
                    "What a hop adds is the difference of the rows: choosing a process, its breaker, headers with the caller's scope and deadline, protocol buffers, HTTP/2, TLS 1.3, and the check of certificate, role and tenant at the other end.",
                    "Of a stream, the time between two pieces at its reader, while its writer waits for nothing.",
                ],
                bench.Rounds);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static IReadOnlyList<object> Row(string what, IEnumerable<List<double>> rounds)
    {
        var sorted = rounds.Select(static round => round.Order().ToList()).ToList();
        return [what, Spread.Of(sorted.Select(static round => round[round.Count / 2])), Spread.Of(sorted.Select(static round => round[(int)(round.Count * 0.99)]))];
    }

    private static async Task<List<double>> CallsAsync(IMemoryService memory, int calls, int atOnce, CancellationToken cancellation)
    {
        var request = new RememberRequest { Tenant = "t", User = "u", Agent = "a", Text = new string('x', 200) };
        var lanes = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(
            async () =>
            {
                var took = new List<double>(calls / atOnce);
                for (var call = 0; call < calls / atOnce; call++)
                {
                    var started = TimeProvider.System.GetTimestamp();
                    await memory.RememberAsync(request, cancellation);
                    took.Add(Microseconds(started));
                }

                return took;
            },
            cancellation)));
        return [.. lanes.SelectMany(static lane => lane)];
    }

    private static async Task<List<double>> PiecesAsync(IInferenceService inference, int pieces, CancellationToken cancellation)
    {
        var took = new List<double>(pieces);
        var last = TimeProvider.System.GetTimestamp();
        await foreach (var piece in inference.AnswerAsync(new AnswerRequest { Model = pieces.ToString(System.Globalization.CultureInfo.InvariantCulture) }, cancellation))
        {
            took.Add(Microseconds(last));
            last = TimeProvider.System.GetTimestamp();
        }

        return took;
    }

    private static async Task<WebApplication> ServeAsync(string folder, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Roles:Serve:Url"] = "https://127.0.0.1:0", ["Roles:Tls:Folder"] = folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var plan = MeshPlan.OfWorkers(builder.Configuration, [RoleNames.Memory, RoleNames.Inference]);
        builder.Services.AddMesh(plan, 1).AddRole<IMemoryService, EchoMemory>(plan, RoleNames.Memory).AddRole<IInferenceService, CountingInference>(plan, RoleNames.Inference);
        builder.ListenForRoles();
        var app = builder.Build();
        app.MapRoles();
        await app.StartAsync(cancellation);
        return app;
    }

    private static ServiceProvider Caller(string folder, string address)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Services:memory"] = address, ["Services:inference"] = address, ["Roles:Tls:Folder"] = folder }).Build();
        var plan = MeshPlan.OfGateway(settings);
        return new ServiceCollection().AddSingleton<IConfiguration>(settings).AddMesh(plan, 1)
            .AddRole<IMemoryService, EchoMemory>(plan, RoleNames.Memory).AddRole<IInferenceService, CountingInference>(plan, RoleNames.Inference).BuildServiceProvider();
    }

    // A TimeSpan counts in 100 ns; a call in process takes less.
    private static double Microseconds(long since) => (TimeProvider.System.GetTimestamp() - since) * 1e6 / TimeProvider.System.TimestampFrequency;

    private sealed record Round(List<double> Here, List<double> There, List<double> Together, List<double> PiecesHere, List<double> PiecesThere);
}

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often everything.</param>
/// <param name="Calls">Calls of a round.</param>
/// <param name="Pieces">Pieces of a stream.</param>
/// <param name="Warm">Calls before the first round.</param>
internal sealed record RolesBench(int Rounds, int Calls, int Pieces, int Warm);
