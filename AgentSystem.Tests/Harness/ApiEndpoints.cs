using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentSystem.Contracts.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Harness;

/// <summary>Every endpoint the API really has, one for each method, so that a test of all of them cannot forget one.</summary>
internal sealed record ApiEndpoint(string Method, string Pattern, IReadOnlyList<string> Parameters, bool IsPublic, IReadOnlyList<string> Scopes, IAcceptsMetadata? Body)
{
    /// <summary>True when it reads a JSON body.</summary>
    public bool ReadsJson => Body?.ContentTypes.Contains("application/json") == true;

    /// <summary>The path with values in place of its parameters, escaped.</summary>
    public string Path(Func<string, string> value) =>
        Parameters.Aggregate(Pattern, (path, name) => System.Text.RegularExpressions.Regex.Replace(path, $@"\{{\*{{0,2}}{name}(:[^}}]*)?\}}", _ => Uri.EscapeDataString(value(name))));

    /// <summary>The members a body of that type has on the wire.</summary>
    public static IReadOnlyList<JsonPropertyInfo> MembersOf(Type body)
    {
        var options = new JsonSerializerOptions(PlatformJson.Options);
        options.MakeReadOnly(populateMissingResolver: true);
        return [.. options.GetTypeInfo(body).Properties];
    }

    public override string ToString() => $"{Method} {Pattern}";

    public static IReadOnlyList<ApiEndpoint> Of(ApiFixture api) =>
        [.. from endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            from method in methods.Count == 0 ? ["GET"] : methods
            let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            orderby pattern, method
            select new ApiEndpoint(
                method, pattern, [.. endpoint.RoutePattern.Parameters.Select(static parameter => parameter.Name)],
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                [.. endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(static data => data.Policy ?? "")],
                endpoint.Metadata.GetMetadata<IAcceptsMetadata>())];
}
