using AgentSystem.Contracts.Roles;
using AgentSystem.Tests.Contracts;
using ProtoBuf.Meta;

namespace AgentSystem.Tests.Runtime.Mesh;

/// <summary>What roles say to each other, pinned as protocol buffers: members may be added under new numbers, because an older process reads what a newer one wrote.</summary>
public sealed class RoleContractTests
{
    public static TheoryData<string, Type> Services => new()
    {
        { RoleNames.Memory, typeof(IMemoryService) },
        { RoleNames.Tools, typeof(IToolsService) },
        { RoleNames.Inference, typeof(IInferenceService) },
        { RoleNames.Reasoning, typeof(IReasoningService) },
        { RoleNames.Monitoring, typeof(IMonitoringService) },
        { RoleNames.Control, typeof(IControlService) },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_OnTheWire_LooksAsItWasAccepted(string role, Type service)
    {
        var options = new SchemaGenerationOptions { Syntax = ProtoSyntax.Proto3, Package = "agentsystem.roles.v1" };
        var methods = new List<string>();
        foreach (var method in service.GetMethods())
        {
            var (request, returned) = (method.GetParameters()[0].ParameterType, method.ReturnType);
            var stream = returned.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
            options.Types.Add(request);
            options.Types.Add(returned.GetGenericArguments()[0]);
            methods.Add($"   rpc {method.Name[..^"Async".Length]} ({request.Name}) returns ({(stream ? "stream " : "")}{returned.GetGenericArguments()[0].Name});");
        }

        Snapshot.Matches($"role-{role}.proto", $"{RuntimeTypeModel.Create().GetSchema(options)}\nservice {role} {{\n{string.Join('\n', methods)}\n}}\n");
    }

    [Fact]
    public void Services_OfTheContracts_AreAllHere() =>
        Assert.Equal(
            typeof(RoleServiceAttribute).Assembly.GetExportedTypes().Where(static type => type.IsDefined(typeof(RoleServiceAttribute), inherit: false)).Select(static type => type.Name).Order(StringComparer.Ordinal),
            Services.Select(static row => row.Data.Item2.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void RoleNames_ThatAreServed_AreThoseWithAnInterface() =>
        Assert.Equal(RoleNames.Served.Order(StringComparer.Ordinal), Services.Select(static row => row.Data.Item1).Order(StringComparer.Ordinal));
}
