using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Decoding;
using AgentSystem.Runtime.Security.Screening.Injection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Tests.Runtime.Security.Screening;

public class ScreeningWarmUpTests
{
    [Fact]
    public async Task CheckHealth_BeforeEveryTextWasScreened_IsUnhealthy()
    {
        using var warmUp = new ScreeningWarmUp(new TextScreener(InjectionModel.Shipped));

        var before = await warmUp.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        warmUp.Run(TestContext.Current.CancellationToken);
        var after = await warmUp.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (before.Status, after.Status));
    }

    [Fact]
    public void Run_WhenTheProcessStops_EndsUnready()
    {
        using var warmUp = new ScreeningWarmUp(new TextScreener(InjectionModel.Shipped));

        Assert.Throws<OperationCanceledException>(() => warmUp.Run(new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("hex")]
    [InlineData("binary")]
    [InlineData("codes")]
    [InlineData("rot13")]
    [InlineData("spaced")]
    [InlineData("reversed")]
    [InlineData("leet")]
    [InlineData("lookalikes")]
    [InlineData("url")]
    [InlineData("escapes")]
    [InlineData("html")]
    [InlineData("comment")]
    [InlineData("tags")]
    public void Texts_OfTheWarmUp_TouchEveryDecoder(string view) =>
        Assert.Contains(view, ScreeningWarmUp.Texts.SelectMany(static text => TextViews.Of(text).Views).Select(static each => each.Name));
}
