using AgentSystem.Contracts.Roles;
using AgentSystem.Control.Deployment;
using AgentSystem.Runtime.Mesh.Tls;

namespace AgentSystem.Tests.Control.Deployment;

public class SystemModelTests
{
    [Fact]
    public void Services_EachReference_NamesAServiceAndAPortOfIt() => Assert.All(
        SystemModel.Services.SelectMany(static service => service.References),
        static reference => Assert.Contains(SystemModel.Find(reference.Service).Ports, port => port.Name == reference.Port));

    [Fact]
    public void Services_EveryRole_IsAWorkloadOfItsOwnThatTheGatewayCalls() => Assert.All(RoleNames.All, static role =>
    {
        var service = SystemModel.Find(SystemModel.OfRole(role));
        Assert.Equal(role, service.Role);
        Assert.Contains(SystemModel.CallersOf(SystemModel.Services, service.Name), static call => call.From.Name == SystemModel.Api);
    });

    [Fact]
    public void Services_CallsBetweenRoles_AreThoseThatCertificatesAllow() => Assert.Equal(
        from role in RoleNames.All
        from caller in RoleNames.All.Append(PeerNames.Gateway)
        where PeerRules.MayCall([caller], role)
        orderby caller, role
        select (caller, role),
        from service in SystemModel.Services
        where service.Kind is ServiceKind.Gateway or ServiceKind.Role
        from role in RoleNames.All
        where service.References.Any(reference => reference.Service == SystemModel.OfRole(role))
        let caller = service.Role ?? PeerNames.Gateway
        orderby caller, role
        select (caller, role));

    [Fact]
    public void Services_NamesAndPorts_AreDifferent()
    {
        Assert.Equal(SystemModel.Services.Count, SystemModel.Services.Select(static service => service.Name).Distinct().Count());
        Assert.All(SystemModel.Services, static service => Assert.Equal(service.Ports.Count, service.Ports.Select(static port => port.Number).Distinct().Count()));
    }

    [Fact]
    public void Services_OnlyHostsAndTheMigration_CallTheDatabase() => Assert.All(
        SystemModel.CallersOf(SystemModel.Services, SystemModel.Postgres),
        static call => Assert.True(call.From.Kind is ServiceKind.Gateway or ServiceKind.Role or ServiceKind.Agents or ServiceKind.Migration, call.From.Name));

    [Fact]
    public void Services_TheGraphicsProcessor_BelongsToInference() =>
        Assert.Equal(["inference"], SystemModel.Services.Where(static service => service.Size.Gpus > 0).Select(static service => service.Role!));

    [Fact]
    public void Services_AgentsOfTheirOwn_CallWhatTheReasoningRoleCalls() =>
        Assert.Equal(SystemModel.Find("workers-reasoning").References, SystemModel.Find(SystemModel.Agents).References);

    [Fact]
    public void Find_UnknownName_ListsTheKnownOnes() => Assert.Contains("workers-memory", Assert.Throws<ArgumentException>(static () => SystemModel.Find("mind")).Message, StringComparison.Ordinal);

    [Fact]
    public void TerminationSeconds_LeaveRoomForThePauseAndTheDrain() => Assert.All(
        SystemModel.Services, static service => Assert.True(WorkloadNumbers.TerminationSeconds(service.Drain) >= WorkloadNumbers.PreStopSeconds + service.Drain.TotalSeconds));
}
