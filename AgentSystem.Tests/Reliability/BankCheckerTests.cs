using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>The checker itself: what it must let pass and what it must find.</summary>
public sealed class BankCheckerTests
{
    private static readonly Transfer One = BankTool.Of("one");

    [Fact]
    public void Check_WhatTheLedgerExplains_FindsNothing()
    {
        Assert.Empty(Bank.Check(Opening(), []));
        Assert.Empty(Bank.Check(After(One), [One.Id]));
    }

    [Fact]
    public void Check_MoneyThatAppeared_IsFound()
    {
        var balances = Opening();
        balances[One.To] += One.Amount;
        Assert.Contains(Bank.Check(balances, [One.Id]), static wrong => wrong.StartsWith("total", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ATransferMadeTwiceOrForgotten_IsFound()
    {
        Assert.Contains(Bank.Check(After(One), [One.Id, One.Id]), static wrong => wrong.StartsWith("twice", StringComparison.Ordinal));
        Assert.Contains(Bank.Check(After(One), []), static wrong => wrong.StartsWith("balance", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_AnAccountThatOwed_IsFound()
    {
        string[] ledger = [.. Enumerable.Range(0, 1_000).Select(static number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)).Where(static id => BankTool.Of(id).From == BankTool.Names[0])];
        Assert.Contains(Bank.Check(Opening(), ledger), static wrong => wrong.StartsWith("negative", StringComparison.Ordinal));
    }

    private static Dictionary<string, long> Opening() => BankTool.Names.ToDictionary(static name => name, static _ => BankTool.Initial);

    private static Dictionary<string, long> After(Transfer transfer)
    {
        var balances = Opening();
        balances[transfer.From] -= transfer.Amount;
        balances[transfer.To] += transfer.Amount;
        return balances;
    }
}
