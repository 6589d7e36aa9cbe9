using System.Text.Json;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>A peer on Node: <c>peer.mjs</c> beside its package.json. It takes orders as lines of JSON and answers each with one.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private readonly ChildProcess process;

    private NodePeer(ChildProcess process) => this.process = process;

    /// <summary>Starts it in a folder under the checkout's root.</summary>
    public static NodePeer Start(string folder, params string[] arguments) =>
        new(ChildProcess.Start("", "node", ["peer.mjs", .. arguments], Path.Combine(Checkout.Root, folder), speaks: true));

    /// <summary>Gives an order and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">It ended, or says that it could not; the message holds what it said.</exception>
    public async Task<JsonElement> AskAsync(object order, CancellationToken cancellation)
    {
        await process.Orders.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), cancellation);
        await process.Orders.FlushAsync(cancellation);
        var line = await process.Answers.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"The peer ended: {process.Story()}");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"The peer failed: {error}") : answer.RootElement.Clone();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
