using System.Text.Json;
using AgentSystem.Contracts.Documents;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Runtime.Tools;

public sealed class ToolFunctionTests
{
    private static readonly ToolScope Scope = new("default", "u1", "assistant");

    private readonly FakeMemory memory = new();
    private readonly ToolCatalog catalog;

    public ToolFunctionTests() =>
        catalog = new ServiceCollection().AddSingleton<IMemoryStore>(memory).AddSingleton<IDocumentStore>(new FakeDocuments()).AddTools().AddTools().BuildServiceProvider().GetRequiredService<ToolCatalog>();

    [Fact]
    public void Catalog_HasTheFiveToolsOnce_AndOnlyTheCalculatorIsCacheable()
    {
        Assert.Equal(["calculator", "clock", "recall", "remember", "search"], catalog.All.Select(tool => tool.Name));
        Assert.Equal(["calculator"], catalog.All.Where(tool => tool.Cacheable).Select(tool => tool.Name));
        Assert.False(catalog.TryGet("Calculator", out _));
    }

    [Fact]
    public void Reach_OfEachTool_IsWhatItTouches() => Assert.Equal(
        [("calculator", Reach.None, PartSource.Tool), ("clock", Reach.None, PartSource.Tool), ("recall", Reach.Private, PartSource.Memory), ("remember", Reach.Change, PartSource.Tool), ("search", Reach.Untrusted, PartSource.File)],
        catalog.All.Select(tool => (tool.Name, tool.Reach, tool.Source)));

    [Fact]
    public void Schemas_DeclareWhatMayBeCopied_AndRefuseOtherMembers()
    {
        Assert.All(catalog.All, tool =>
        {
            var schema = tool.Bind(Scope).JsonSchema;
            Assert.Equal("object", schema.GetProperty("type").GetString());
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            Assert.All(schema.GetProperty("properties").EnumerateObject(), property =>
                Assert.Equal(tool.Name == "calculator" ? "numbers" : "span", property.Value.GetProperty("x-copy").GetString()));
        });
        Assert.Equal("^[0-9.+\\-*/()%^]+$", Function("calculator").JsonSchema.GetProperty("properties").GetProperty("expression").GetProperty("pattern").GetString());
        Assert.False(Function("clock").JsonSchema.TryGetProperty("required", out _));
    }

    [Theory]
    [InlineData("calculator", """{"expression":"17*23"}""", "391")]
    [InlineData("calculator", """{}""", "error: 'expression' is missing")]
    [InlineData("calculator", """{"expression":5}""", "error: 'expression' must be a text")]
    [InlineData("calculator", """{"expression":null}""", "error: 'expression' is missing")]
    [InlineData("calculator", """{"expression":"1","unit":"m"}""", "error: unknown argument 'unit'; calculator takes expression")]
    [InlineData("clock", """{"place":null}""", "no place given")]
    [InlineData("remember", """{"fact":" "}""", "error: the fact is empty")]
    [InlineData("recall", """{"subject":"anything"}""", "nothing remembered")]
    [InlineData("search", """{"query":"leave"}""", "[1] Guide: one: and two\n[2] Guide: three")]
    [InlineData("search", """{"query":" "}""", "error: the query is empty")]
    [InlineData("search", """{"query":"nothing"}""", "nothing found")]
    public async Task Invoke_AnyArguments_AnswersWithAText(string tool, string json, string result) => Assert.Equal(result, await InvokeAsync(tool, json));

    [Fact]
    public async Task Remember_TooLong_IsAnErrorTheModelCanRead()
    {
        Assert.Equal("error: the fact is longer than 4,000 characters", await InvokeAsync("remember", JsonSerializer.Serialize(new { fact = new string('x', 4001) })));
        Assert.Equal("ok", await InvokeAsync("remember", JsonSerializer.Serialize(new { fact = new string('x', 4000) })));
        Assert.Equal(new MemoryScope("default", "u1", "assistant"), Assert.Single(memory.Kept).Scope);
    }

    [Fact]
    public async Task Recall_SeveralFit_GivesThoseNearlyAsGoodAsTheBest()
    {
        memory.Found = [Memory("first", 0.9), Memory("second", 0.85), Memory("third", 0.6)];
        Assert.Equal("first\nsecond", await InvokeAsync("recall", """{"subject":"x"}"""));
    }

    private static RecalledMemory Memory(string text, double score) => new(text, text, score, DateTimeOffset.UnixEpoch);

    private AIFunction Function(string name) => catalog.TryGet(name, out var tool) ? tool.Bind(Scope) : throw new InvalidOperationException(name);

    private async Task<object?> InvokeAsync(string tool, string json) =>
        await Function(tool).InvokeAsync(new AIFunctionArguments(JsonSerializer.Deserialize<Dictionary<string, object?>>(json)!));

    private sealed class FakeDocuments : IDocumentStore
    {
        public Task<IReadOnlyList<DocumentHit>> SearchAsync(string tenant, string? agent, string query, int limit, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<DocumentHit>>(query == "nothing" ? [] : [Hit("\u0002one\u0003: and\ntwo"), Hit("three")]);

        public Task<DocumentView?> FindSameAsync(string tenant, string? agent, string sha256, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<AddedDocument> AddAsync(string tenant, NewDocument document, DocumentsOptions limits, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<DocumentView>> ListAsync(DocumentReader reader, DocumentFilter filter, string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<DocumentView?> FindAsync(DocumentReader reader, string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<DocumentText?> TextAsync(DocumentReader reader, string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(DocumentReader reader, string id, CancellationToken cancellation) => throw new NotSupportedException();

        private static DocumentHit Hit(string snippet) => new("id", "Guide", 1, null, null, snippet, 1);
    }

    private sealed class FakeMemory : IMemoryStore
    {
        public List<(MemoryScope Scope, string Text)> Kept { get; } = [];

        public IReadOnlyList<RecalledMemory> Found { get; set; } = [];

        public Task<string> RememberAsync(MemoryScope scope, string text, CancellationToken cancellation)
        {
            Kept.Add((scope, text));
            return Task.FromResult("id");
        }

        public Task<IReadOnlyList<RecalledMemory>> RecallAsync(MemoryScope scope, string query, int limit, CancellationToken cancellation) => Task.FromResult(Found);
    }
}
