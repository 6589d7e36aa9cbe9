using AgentSystem.Api;
using AgentSystem.Api.Hosting;
using AgentSystem.Tests.Architecture;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Api.Hosting;

public sealed class ApiSettingsTests
{
    [Fact]
    public void Build_WrongSettingsOfEveryKind_AreRefusedTogetherBeforeTheDatabaseIsAsked()
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => ApiHost.Build([], builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AGENTSYSTEM_API_URL"] = "nonsense",
            ["AGENTSYSTEM_ROOT_KEY"] = "short",
            ["AGENTSYSTEM_ADMIN_KEY"] = "has a space but is long enough otherwise",
            ["AGENTSYSTEM_ORCHESTRATOR_KEY"] = "tiny",
            ["ConnectionStrings:postgres"] = "Host=127.0.0.1;Port=1",
            ["ConnectionStrings:redis"] = "host,nonsense=1",
            ["Seed"] = "luck",
            ["Caching:Lifetime"] = "soon",
            ["Caching:InProcess:MaxBytes"] = "1",
            ["Database:MigrateOnStart"] = "perhaps",
            ["Routing:Policy"] = "Roulette",
            ["Threads:MaxMesages"] = "5",
            ["Prices:File"] = "/no/such/prices.json",
            ["Models:mine:Provider"] = "onyx",
            ["ForwardedHeaders:TrustedProxies"] = "0.0.0.0/0",
        })));

        string[] starts =
        [
            "AGENTSYSTEM_API_URL is \"nonsense\"", "AGENTSYSTEM_ROOT_KEY has 5 characters", "AGENTSYSTEM_ADMIN_KEY has 40 characters", "AGENTSYSTEM_ORCHESTRATOR_KEY has 4 characters",
            "ConnectionStrings__redis cannot be read", "Seed is \"luck\"", "Caching:Lifetime is \"soon\"", "Caching:InProcess:MaxBytes is 1", "Database:MigrateOnStart is \"perhaps\"",
            "Routing:Policy is \"Roulette\"", "Threads:MaxMesages: there is no such setting", "Prices:File: there is no file", "Models:mine:Provider: 'onyx' is unknown", "ForwardedHeaders:TrustedProxies",
        ];
        Assert.All(starts, start => Assert.Single(refusal.Failures, failure => failure.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(starts.Length, refusal.Failures.Count());
    }

    [Fact]
    public void Sections_EachThatTheReferenceNames_IsChecked() => Assert.Empty(
        SettingsReference.Read(Repository.Product).Select(static setting => setting.Name[..setting.Name.LastIndexOf(':')]).Distinct().Except(ApiSettings.Sections.Select(static section => section.Name)));
}
