using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>What must hold of the accounts of <see cref="BankTool"/> at any moment.</summary>
internal static class Bank
{
    /// <summary>Everything that is wrong with what one read showed, in words; empty when all is well. The ledger, replayed from the opening, must give every balance, and nobody may ever have owed anything on the way.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyDictionary<string, long> balances, IReadOnlyList<string> ledger)
    {
        var wrong = new List<string>();
        if (balances.Values.Sum() != BankTool.Names.Count * BankTool.Initial)
        {
            wrong.Add($"total: {balances.Values.Sum()} instead of {BankTool.Names.Count * BankTool.Initial}");
        }

        wrong.AddRange(ledger.GroupBy(static id => id).Where(static group => group.Count() > 1).Select(static group => $"twice: {group.Key}"));
        var replayed = BankTool.Names.ToDictionary(static name => name, static _ => BankTool.Initial);
        foreach (var transfer in ledger.Select(BankTool.Of))
        {
            replayed[transfer.From] -= transfer.Amount;
            replayed[transfer.To] += transfer.Amount;
            if (replayed[transfer.From] < 0)
            {
                wrong.Add($"negative: {transfer.From} after {transfer.Id}");
            }
        }

        wrong.AddRange(replayed.Where(account => balances[account.Key] != account.Value).Select(account => $"balance: {account.Key} has {balances[account.Key]}, its transfers make {account.Value}"));
        return wrong;
    }

    public static IReadOnlyDictionary<string, long> Balances(SessionView view) => BankTool.Names.ToDictionary(static name => name, name => view.State[name].GetInt64());

    public static IReadOnlyList<string> Ledger(SessionView view) => [.. view.State[BankTool.Ledger].EnumerateArray().Select(static id => id.GetString()!)];
}
