using AgentSystem.Web.Clients;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Web.Clients;

public sealed class ApiOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://here:1", "AGENTSYSTEM_API_URL", "http://here:1")]
    [InlineData("http://api", "services:api:http:0", "http://10.0.0.1:80", "AGENTSYSTEM_API_URL", "http://here:1")]
    [InlineData("http://named", "Api:Url", "http://named", "services:api:http:0", "http://10.0.0.1:80")]
    public void UrlFrom_Settings_TheNearestWins(string expected, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Chunk(2).Select(static pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        Assert.Equal(expected, ApiOptions.UrlFrom(configuration));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("https://api.example/", true)]
    [InlineData("127.0.0.1:8080", false)]
    [InlineData("ftp://host", false)]
    [InlineData("", false)]
    public void Validate_Url_MustBeHttp(string url, bool valid) =>
        Assert.Equal(valid, new ApiOptionsValidator().Validate(null, new ApiOptions { Url = url }).Succeeded);

    [Theory]
    [InlineData(null)]
    [InlineData("http://10.0.0.1:80", "services:api:http:0", "http://10.0.0.1:80")]
    [InlineData("https://agents.example", "Api:PublicUrl", "https://agents.example", "services:api:http:0", "http://10.0.0.1:80")]
    [InlineData(null, "Api:Url", "http://named", "services:api:http:0", "http://10.0.0.1:80")]
    public void PublicUrlFrom_Settings_IsWhatOthersReach(string? expected, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Chunk(2).Select(static pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        Assert.Equal(expected, ApiOptions.PublicUrlFrom(configuration));
    }
}
