using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(BankTool))]

namespace AgentSystem.Tests.Harness;

/// <summary>
/// Gives a process of the product the tool <c>transfer</c> of class <c>idempotent</c>: it moves money between accounts that are keys of one session of an agent's state, by compare-and-set.
/// From where, where to and how much follows from the call's id, so a repeated call is the same call.
/// </summary>
public sealed class BankTool : IHostingStartup, ITool
{
    public const string Moved = "moved";

    /// <summary>The key with every transfer that was made.</summary>
    public const string Ledger = "ledger";

    private const string Variable = "AGENTSYSTEM_TEST_BANK";
    private const int Accounts = 6;
    private const int Most = 60;
    private const int Attempts = 500;

    private ISessionStore? store;

    public static long Initial { get; } = 100;

    public static SessionName Session { get; } = new("banker", "bank");

    public static SessionScope Scope { get; } = new(Tenants.Default, null);

    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, Accounts).Select(static number => "account" + number.ToString(CultureInfo.InvariantCulture))];

    public string Name => "transfer";

    public string Description => "Moves money from one account to another.";

    public bool Cacheable => false;

    public ToolEffect Effect => ToolEffect.Idempotent;

    /// <summary>What a process of this tool needs in its environment.</summary>
    public static IEnumerable<(string Name, string Value)> Environment { get; } = [(Variable, "open"), ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "AgentSystem.Tests")];

    public void Configure(IWebHostBuilder builder)
    {
        if (System.Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            builder.ConfigureServices(static services => services.AddSingleton<ITool>(static provider => new BankTool { store = provider.GetRequiredService<ISessionStore>() }));
        }
    }

    public AIFunction Bind(ToolScope scope) => new Function(this);

    /// <summary>What the call with this id is to do.</summary>
    public static Transfer Of(string id)
    {
        var chance = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(id))));
        var from = chance.Next(Accounts);
        return new Transfer(id, Names[from], Names[(from + 1 + chance.Next(Accounts - 1)) % Accounts], chance.Next(1, Most));
    }

    /// <summary>Opens the accounts.</summary>
    public static async Task OpenAsync(ISessionStore store) => Assert.Null((await store.ChangeAsync(
        Change([.. Names.Select(static name => new KeyChange(name, KeyAction.Replace, Text(Initial))), new KeyChange(Ledger, KeyAction.Replace, "[]")], "opening"), default)).Refusal);

    private async Task<string> MoveAsync(Transfer transfer, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                var view = (await store!.ReadAsync(Scope, Session, new SessionRead(), cancellation))!;
                if (view.State[Ledger].EnumerateArray().Any(made => made.GetString() == transfer.Id))
                {
                    return Moved;
                }

                var (from, to) = (view.State[transfer.From].GetInt64(), view.State[transfer.To].GetInt64());
                if (from < transfer.Amount)
                {
                    return "refused: there is not enough on the account";
                }

                var change = Change(
                    [
                        new KeyChange(transfer.From, KeyAction.Replace, Text(from - transfer.Amount)), new KeyChange(transfer.To, KeyAction.Replace, Text(to + transfer.Amount)),
                        new KeyChange(Ledger, KeyAction.Append, JsonSerializer.Serialize(new[] { transfer.Id })),
                    ],
                    transfer.Id);
                if ((await store.ChangeAsync(change with { Match = new SessionMatch(view.Version) }, cancellation)).Refusal is null)
                {
                    return Moved;
                }
            }
            catch (DbException)
            {
                // The database is away; whether the last change was made, the ledger tells when it is back.
                await Task.Delay(20, cancellation);
            }
        }

        throw new InvalidOperationException($"Transfer {transfer.Id} could not be made in {Attempts} attempts.");
    }

    private static SessionChange Change(IReadOnlyList<KeyChange> keys, string id) => new(Scope, Session, keys, new SessionWriter("key", Session.Agent, "user:bank"))
    {
        TransactionId = "txn_" + Guid.NewGuid().ToString("N"),
        Request = new RepeatedRequest("bank-" + id, SHA256.HashData(Encoding.UTF8.GetBytes(id))),
    };

    private static string Text(long amount) => amount.ToString(CultureInfo.InvariantCulture);

    private sealed class Function(BankTool bank) : AIFunction
    {
        public override string Name => bank.Name;

        public override string Description => bank.Description;

        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            await bank.MoveAsync(Of(ToolCallId.Of(arguments)!), cancellationToken);
    }
}

/// <summary>A movement of money.</summary>
public sealed record Transfer(string Id, string From, string To, long Amount);
