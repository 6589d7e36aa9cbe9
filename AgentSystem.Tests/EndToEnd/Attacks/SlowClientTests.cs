using System.Text;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Clients that never finish what they begin: their connections end, others are served.</summary>
public sealed class SlowClientTests(FuzzedApi api, ApiFixture usual) : IClassFixture<FuzzedApi>, IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("nothing at all", "")]
    [InlineData("half a header", "GET /alive HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
    [InlineData("half a body", "POST /api/v1/threads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")]
    [InlineData("half a chunk", "POST /api/v1/threads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n{")]
    public async Task Request_ThatTrickles_EndsWithinTheLimits(string what, string beginning)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var socket = await RawHttp.ConnectAsync(new Uri(api.BaseUrl));
        var begin = beginning.Replace("{key}", api.AdminKey, StringComparison.Ordinal);
        // An empty first line may be passed over; the clock of the headers runs from the first byte on.
        await RawHttp.SendAsync(socket, Encoding.ASCII.GetBytes(begin.Length == 0 ? "G" : begin), limit.Token);
        var trickle = TrickleAsync(socket, limit.Token);
        var answer = await RawHttp.ReadToEndAsync(socket, limit.Token);
        await limit.CancelAsync();
        await trickle;

        Assert.True(RawHttp.Statuses(answer) is [] or [408] or [400], $"{what}: {answer}");
        using var other = api.Client();
        using var alive = await other.GetAsync("/alive");
        Assert.True(alive.IsSuccessStatusCode);
    }

    [Fact]
    public void Limits_AsShipped_AreSet()
    {
        var limits = usual.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.InRange(limits.MaxRequestHeadersTotalSize, 1, 32 * 1024);
        Assert.InRange(limits.MaxRequestHeaderCount, 1, 100);
        Assert.InRange(limits.MaxRequestLineSize, 1, 8 * 1024);
        Assert.Equal(20 * 1024 * 1024, limits.MaxRequestBodySize);
        Assert.InRange(limits.MinRequestBodyDataRate!.BytesPerSecond, 200, 100_000);
        Assert.InRange(limits.MinRequestBodyDataRate.GracePeriod, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.InRange(limits.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
    }

    /// <summary>A byte at a time, as a slow attacker sends them, until the connection or the test is over.</summary>
    private static async Task TrickleAsync(System.Net.Sockets.Socket socket, CancellationToken over)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        try
        {
            while (await tick.WaitForNextTickAsync(over))
            {
                await socket.SendAsync("a"u8.ToArray(), over);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // The server has closed: that is what was waited for.
        }
    }
}
