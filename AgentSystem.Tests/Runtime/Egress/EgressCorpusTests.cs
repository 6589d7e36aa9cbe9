using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentSystem.Runtime.Egress;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Egress;

/// <summary>Every known way to make a server call something it should not. Names are resolved and connections made by the test, so no packet leaves the machine whatever the rule does.</summary>
public sealed class EgressCorpusTests
{
    private readonly ConcurrentQueue<IPAddress> dialled = new();

    public static TheoryData<string> Corpus => [.. Numbers, .. Names, .. Shapes];

    private static IEnumerable<string> Numbers =>
    [
        "https://127.0.0.1/", "https://127.0.0.1:443/", "https://127.0.1.1/", "https://127.255.255.254/", "https://127.1/", "https://127.0.1/", "https://0/", "https://0.0.0.0/", "https://2130706433/", "https://017700000001/",
        "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0x7F.1/", "https://0177.0.0.1/", "https://0177.0.0.01/", "https://10.0.0.1/", "https://10.255.255.255/", "https://012.0.0.1/", "https://0xa.0.0.1/", "https://167772161/",
        "https://172.16.0.1/", "https://172.31.255.254/", "https://2886729729/", "https://192.168.0.1/", "https://192.168.1/", "https://3232235521/", "https://0xc0a80001/", "https://169.254.169.254/", "https://169.254.170.2/v2/credentials",
        "https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://100.64.0.1/", "https://100.127.255.254/", "https://100.100.100.200/", "https://198.18.0.1/", "https://192.0.0.192/",
        "https://192.0.2.1/", "https://203.0.113.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/",
        "https://[::]/", "https://[::1]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:169.254.169.254]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/", "https://[2002:a9fe:a9fe::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1]/", "https://[fe80::1%251]/", "https://[fd00:ec2::254]/", "https://[fc00::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/",
        // Digits of full width and in circles are numbers to a browser and to this parser.
        "https://１２７.０.０.１/", "https://①②⑦.⓪.⓪.①/",
    ];

    private static IEnumerable<string> Names =>
    [
        "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://x.localhost/", "https://localhost.localdomain/", "https://metadata/", "https://metadata.google.internal/computeMetadata/v1/", "https://METADATA.GOOGLE.INTERNAL./",
        "https://instance-data/latest/meta-data", "https://printer.local/", "https://router.lan/", "https://nas.home.arpa/", "https://kubernetes/", "https://kubernetes.default.svc.cluster.local/", "https://postgres/", "https://hidden.onion/",
        // Names anybody can own, which the resolver leads inside.
        "https://127.0.0.1.nip.io/", "https://localtest.me/", "https://rebind.attacker.example/", "https://mixed.attacker.example/", "https://nothing.attacker.example/", "https://ⓛocaltest.me/",
    ];

    private static IEnumerable<string> Shapes =>
    [
        "http://example.com/", "ftp://example.com/", "gopher://127.0.0.1:6379/_FLUSHALL", "file:///etc/passwd", "dict://127.0.0.1:11211/", "data:text/html,x", "javascript:alert(1)", "https:127.0.0.1", "//127.0.0.1/", "",
        "https://public.example@127.0.0.1/", "https://127.0.0.1@public.example/", "https://public.example:443@127.0.0.1/", "https://public.example%40127.0.0.1/", "https://127.0.0.1#@public.example/", "https://127.0.0.1?@public.example/", @"https://127.0.0.1\@public.example/",
        "https://127.0.0.1:80#.public.example/", "https://[::1]#public.example", "https://user:password@public.example/", "https:///127.0.0.1/", @"https:\\127.0.0.1\", "https://127.0.0.1%2f.public.example/", "https://127.0.0.1%00.public.example/", "https://public.example\r\nHost: 127.0.0.1/",
        "https://127。0。0。1/",
    ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Get_AnAddressThatLeadsInside_IsRefusedBeforeAnythingIsDialled(string url)
    {
        using var client = new HttpClient(Handler());
        var refused = Rule().Problem(url) is not null || await FailsAsync(client, url);

        Assert.True(refused);
        Assert.Empty(dialled);
    }

    [Fact]
    public void Corpus_IsAsLargeAsWasPromised() => Assert.InRange(Corpus.Count, 60, int.MaxValue);

    [Fact]
    public async Task Get_APublicName_IsDialledAtTheAddressThatWasLookedAt()
    {
        using var client = new HttpClient(Handler());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("https://public.example/"));

        Assert.Equal([IPAddress.Parse("93.184.216.34")], dialled);
    }

    [Fact]
    public async Task Get_ANameThatLeadsInsideAtTheSecondQuestion_IsAskedForOnce()
    {
        var questions = 0;
        // Public for the check, private afterwards: DNS rebinding.
        Task<IPAddress[]> Resolve(string host, CancellationToken cancellation) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref questions) == 1 ? IPAddress.Parse("93.184.216.34") : IPAddress.Loopback]);
        using var client = new HttpClient(EgressHandler.Create(Rule(), Resolve, DialAsync));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("https://rebinding.example/"));

        Assert.Equal((1, IPAddress.Parse("93.184.216.34")), (questions, Assert.Single(dialled)));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Get_AnAllowedHostThatRedirectsInside_GivesTheRedirectAndFollowsNothing(int status)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var answering = AnswerAsync(listener, $"HTTP/1.1 {status} Moved\r\nLocation: http://169.254.169.254/latest/meta-data\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var client = new HttpClient(EgressHandler.Create(new EgressRule(Options.Create(new EgressOptions { AllowedHosts = $"127.0.0.1:{port}" })), ResolveAsync));
        using var answer = await client.GetAsync($"http://127.0.0.1:{port}/");
        await answering;

        Assert.Equal((status, "http://169.254.169.254/latest/meta-data"), ((int)answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.False(listener.Pending());
    }

    private static async Task<bool> FailsAsync(HttpClient client, string url)
    {
        try
        {
            using var answer = await client.GetAsync(url);
            return false;
        }
        catch (Exception e) when (e is HttpRequestException { InnerException: EgressRefusedException } or InvalidOperationException or NotSupportedException)
        {
            return true;
        }
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var buffer = new byte[4096];
        _ = await stream.ReadAsync(buffer);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static EgressRule Rule() => new(Options.Create(new EgressOptions()));

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) => Task.FromResult<IPAddress[]>(host switch
    {
        "public.example" => [IPAddress.Parse("93.184.216.34")],
        "mixed.attacker.example" => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("169.254.169.254")],
        "nothing.attacker.example" => [],
        _ => [IPAddress.Loopback],
    });

    private SocketsHttpHandler Handler() => EgressHandler.Create(Rule(), ResolveAsync, DialAsync);

    private ValueTask<Stream> DialAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        foreach (var address in addresses)
        {
            dialled.Enqueue(address);
        }

        throw new IOException("Nothing is dialled in this test.");
    }
}
