using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.Security.Sealing.Postgres;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

/// <summary>What one process has of sealing, over a database that others share.</summary>
internal sealed class SealingHouse : IDisposable
{
    public const string First = "a-root-key-for-tests-0123456789-0123456789";
    public const string Second = "another-root-key-for-tests-0123456789-0123";

    public SealingHouse(MigratedDatabase database, string root = First, string? previous = null, TimeProvider? time = null, SealingBounds? bounds = null)
    {
        Root = new RootKey(root, previous);
        Store = new PostgresDataKeyStore(database.Runtime);
        var wrapping = new KeyWrapping(Root);
        Roots = new RootSecrets(Root, new PostgresRootStore(database.Runtime), Store, wrapping);
        Keys = new DataKeys(Store, wrapping, Roots, time ?? TimeProvider.System, bounds);
        Box = new SecretBox(Keys);
        rotations = new PostgresRotationStore(database.Runtime, Box);
        Rotation = new Rotation(rotations, Keys, Columns);
    }

    private readonly PostgresRotationStore rotations;

    /// <summary>Those that the product registers.</summary>
    public static IReadOnlyList<SealedColumn> Columns { get; } =
        [.. new ServiceCollection().AddRecordings().AddResponses().AddWebhooks().AddTools().Select(static service => service.ImplementationInstance).OfType<SealedColumn>()];

    public Rotation Rotation { get; }

    public RootKey Root { get; }

    public IDataKeyStore Store { get; }

    public RootSecrets Roots { get; }

    public DataKeys Keys { get; }

    public ISecretBox Box { get; }

    public Task<int> RotateAsync(string tenant) => Keys.RotateAsync(tenant, (wrap, token) => rotations.BeginAsync(tenant, "key:key-1", wrap, token), default);

    public void Dispose()
    {
        Keys.Dispose();
        Roots.Dispose();
    }
}
