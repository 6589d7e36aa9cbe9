using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace AgentSystem.Api.Hosting;

/// <summary>What describes the API, and what measures it.</summary>
internal static class ApiDocuments
{
    private const string Title = "AgentSystem";

    /// <summary>Adds the OpenAPI document.</summary>
    public static void AddApiDocuments(this IServiceCollection services) => services.AddOpenApi("v1", options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = Title, Version = "v1", Description = "An OpenAI-compatible gateway (/v1) and the platform behind it (/api/v1). Every path but health and these documents needs `Authorization: Bearer <key or token>`." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the form as-..., or a token of the identity provider" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        }));

    /// <summary><c>/openapi/v1.json</c> and <c>/docs</c>, both without a key.</summary>
    public static void MapApiDocuments(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs", docs =>
        {
            docs.WithTitle(Title);
            docs.DisableDefaultFonts();
            docs.DisableTelemetry();
            docs.DisableAgent();
            docs.DisableMcp();
            docs.HideClientButton();
            docs.HideDeveloperTools();
        }).AllowAnonymous();
    }

    /// <summary><c>/metrics</c> in Prometheus' text format; needs the scope <c>metrics</c>.</summary>
    public static void MapMetrics(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.Metrics);

    /// <summary>The platform surface under its prefix.</summary>
    public static void MapPlatform(this WebApplication app, Action<IEndpointRouteBuilder> routes) => routes(app.MapGroup("/api/v1").WithProblems());
}
