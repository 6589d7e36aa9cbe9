using System.Net;
using AgentSystem.Contracts.Tools;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;

namespace AgentSystem.Tests.Api.Tools;

/// <summary>Operations of an OpenAPI document become tools, whose arguments become requests.</summary>
public sealed class OpenApiToolsTests(ToolsFixture api) : IClassFixture<ToolsFixture>
{
    private const string Path = "/api/v1/tools";

    private const string Pets = """
        {
          "openapi": "3.0.3",
          "info": { "title": "Pets" },
          "servers": [{ "url": "/v2" }],
          "paths": {
            "/pets/{petId}": {
              "parameters": [{ "name": "petId", "in": "path", "required": true, "schema": { "type": "string" } }],
              "get": {
                "operationId": "getPet", "summary": "Finds a pet",
                "parameters": [{ "name": "tags", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } }, { "name": "X-Trace", "in": "header", "schema": { "type": "string" } }]
              },
              "delete": {}
            },
            "/pets": {
              "post": {
                "operationId": "addPet",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } } }
              }
            },
            "/photos": { "post": { "operationId": "addPhoto", "requestBody": { "required": true, "content": { "image/png": {} } } } }
          },
          "components": { "schemas": { "Pet": {
            "type": "object", "required": ["id", "name"],
            "properties": { "id": { "type": "integer", "readOnly": true }, "name": { "type": "string" }, "parent": { "$ref": "#/components/schemas/Pet" }, "age": { "type": "integer", "nullable": true } }
          } } }
        }
        """;

    [Fact]
    public async Task Register_ADocument_GivesAToolForEachOperationWithTheEffectOfItsMethod()
    {
        using var client = api.Client();
        var (name, import) = await ImportAsync(client);

        Assert.Equal([$"{name}_add_pet", $"{name}_delete_pets_pet_id", $"{name}_get_pet"], import.Tools);
        Assert.Equal(("addPhoto", "its body is image/png; only JSON is sent"), Assert.Single(import.Skipped) is var skipped ? (skipped.Name, skipped.Reason) : default);
        Assert.Equal(
            [ToolEffect.Once, ToolEffect.Idempotent, ToolEffect.Read],
            await Task.WhenAll(import.Tools.Select(async tool => (await client.ReadAsync<ToolView>($"{Path}/{tool}")).Effect)));
        Assert.Equal("Finds a pet", (await client.ReadAsync<ToolView>($"{Path}/{name}_get_pet")).Description);
    }

    [Fact]
    public async Task Invoke_AnOperation_PutsEachArgumentWhereItBelongsAndEscapesIt()
    {
        using var client = api.Client();
        var (name, _) = await ImportAsync(client);

        await ToolsFixture.InvokeAsync(client, $"{name}_get_pet", """{"arguments":{"petId":"a/b?c","tags":["x y","z"],"X-Trace":"t1"}}""");
        await ToolsFixture.InvokeAsync(client, $"{name}_add_pet", """{"arguments":{"body":{"name":"Rex","age":null,"parent":{"name":"Max"}}}}""");

        var read = Assert.Single(api.Server.Requests, request => request.Headers.TryGetValue("X-Trace", out var trace) && trace == "t1");
        Assert.Equal(("GET", "?tags=x%20y&tags=z"), (read.Method, read.Query));
        Assert.StartsWith("/v2/pets/a", read.Path, StringComparison.Ordinal);
        Assert.Contains(api.Server.Of("/v2/pets"), static request => request is { Method: "POST", Body: """{"name":"Rex","age":null,"parent":{"name":"Max"}}""" });
    }

    [Theory]
    [InlineData("""{"arguments":{"body":{"name":"Rex","id":3}}}""", "add_pet", "body.id")]
    [InlineData("""{"arguments":{"petId":7}}""", "get_pet", "petId")]
    public async Task Invoke_WithWhatTheDocumentDoesNotAllow_NamesTheMember(string body, string tool, string member)
    {
        using var client = api.Client();
        var (name, _) = await ImportAsync(client);
        using var answer = await client.PostAsync($"{Path}/{name}_{tool}/invoke", BadInputTests.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(member, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_WithAPathArgumentThatWouldLeaveThePath_CallsNobody()
    {
        using var client = api.Client();
        var (name, _) = await ImportAsync(client);
        var called = await ToolsFixture.InvokeAsync(client, $"{name}_get_pet", """{"arguments":{"petId":".."}}""");

        Assert.Equal("error", called.Outcome);
        Assert.Contains("must not be empty", called.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"swagger":"2.0"}""", "3.0 or 3.1")]
    [InlineData("""{"openapi":"3.1.0","paths":{}}""", "no operations")]
    [InlineData("""{"openapi":"3.1.0","servers":[{"url":"https://elsewhere.example/"}],"paths":{"/a":{"get":{}}}}""", "on another host")]
    [InlineData("openapi: 3.1.0", "YAML")]
    public async Task Register_ADocumentThatCannotBeUsed_SaysWhy(string document, string reason)
    {
        using var client = api.Client();
        var name = api.NewName();
        api.Server.Files[$"/{name}.json"] = document;
        using var answer = await client.PostAsync(Path, BadInputTests.Json($$"""{"name":"{{name}}","kind":"openapi","url":"{{api.Server.Url}}/{{name}}.json"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithAnOperationThatCannotBeUsedOrIsNotThere_NamesIt()
    {
        using var client = api.Client();
        using var photo = await client.PostAsync(Path, BadInputTests.Json(Body(api.NewName(), """["addPhoto"]""")));
        using var fly = await client.PostAsync(Path, BadInputTests.Json(Body(api.NewName(), """["fly"]""")));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (photo.StatusCode, fly.StatusCode));
        Assert.Contains("addPhoto", await photo.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("getPet", await fly.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_ADocumentWhoseOperationChanged_LetsItWaitForApproval()
    {
        using var client = api.Client();
        var (name, _) = await ImportAsync(client);
        api.Server.Files[$"/{name}.json"] = Pets.Replace("Finds a pet", "Finds a pet, and more", StringComparison.Ordinal);
        using var answer = await client.PostAsync($"{Path}/{name}/refresh", null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(ToolState.Changed, (await client.ReadAsync<ToolView>($"{Path}/{name}_get_pet")).State);
        Assert.Equal(ToolState.Active, (await client.ReadAsync<ToolView>($"{Path}/{name}_add_pet")).State);
    }

    private string Body(string name, string operations) => $$"""{"name":"{{name}}","kind":"openapi","url":"{{api.Server.Url}}/v2","document":{{Pets}},"operations":{{operations}}}""";

    private async Task<(string Name, ToolImport Import)> ImportAsync(HttpClient client)
    {
        var name = api.NewName();
        api.Server.Files[$"/{name}.json"] = Pets;
        return (name, await ToolsFixture.RegisterAsync(client, $$"""{"name":"{{name}}","kind":"openapi","url":"{{api.Server.Url}}/{{name}}.json"}"""));
    }
}
