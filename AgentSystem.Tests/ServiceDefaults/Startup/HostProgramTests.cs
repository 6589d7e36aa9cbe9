using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.ServiceDefaults.Startup;

/// <summary>The hosts as processes of their own, as a container starts them.</summary>
public sealed class HostProgramTests
{
    [Theory]
    [InlineData("AgentSystem.Api", "AGENTSYSTEM_ROOT_KEY is not set", "ConnectionStrings__postgres is not set", "Caching:Enabld: there is no such setting", "Routing:Slots is 0", "AGENTSYSTEM_ADMIN_KEY has 5 characters")]
    [InlineData("AgentSystem.Workers", "Roles names \"flying\"", "ConnectionStrings__postgres is not set")]
    [InlineData("AgentSystem.Web", "Api:Url is 'nowhere'", "Api:Ulr: there is no such setting", "AGENTSYSTEM_WEB_URL is \"here\"")]
    public async Task Start_WrongSettings_AreAllInOneLineAndNothingElse(string host, params string[] told)
    {
        await using var process = Start(
            host, ("Caching__Enabld", "true"), ("Routing__Slots", "0"), ("AGENTSYSTEM_ADMIN_KEY", "short"), ("Roles", "flying"), ("Api__Url", "nowhere"), ("Api__Ulr", "x"), ("AGENTSYSTEM_WEB_URL", "here"));

        Assert.Equal(1, await process.ExitAsync());
        var line = Assert.Single(process.Errors);
        Assert.All(told, each => Assert.Contains(each, line, StringComparison.Ordinal));
        Assert.DoesNotContain(process.Output, each => each.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ADatabaseThatIsAway_IsToldInOneLine()
    {
        await using var process = Start(
            "AgentSystem.Api", ("AGENTSYSTEM_ROOT_KEY", new string('k', 40)), ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("ConnectionStrings__postgres", "Host=127.0.0.1;Port=1;Username=nobody;Database=none"));

        Assert.Equal(1, await process.ExitAsync());
        Assert.Contains("PostgreSQL does not answer", Assert.Single(process.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_APortThatIsTaken_IsToldInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var process = Start("AgentSystem.Web", ("AGENTSYSTEM_WEB_URL", $"http://{taken.LocalEndpoint}"));

        Assert.Equal(1, await process.ExitAsync());
        Assert.Contains("the port is taken", Assert.Single(process.Errors), StringComparison.Ordinal);
    }

    private static TestProcess Start(string host, params (string Name, string Value)[] environment)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(here.Parent!.Parent!.FullName, host, here.Name, host + ".dll")]) { WorkingDirectory = "/" };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return TestProcess.Start(start);
    }
}
