namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>A transaction that appended its own number to several lists.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Lists">Where to.</param>
/// <param name="Outcome">True: acknowledged. False: refused, or known to have failed. Null: unknown.</param>
internal sealed record AppendTransaction(int Id, IReadOnlyList<string> Lists, bool? Outcome);

/// <summary>
/// What lists that are only ever appended to tell about the transactions behind them (after Kingsbury and Alvaro, Elle, 2020): every read shows the order of the writes before it,
/// so lost, aborted, half seen and circular transactions show themselves. All lists belong to one session, whose transactions come one after the other.
/// </summary>
internal static class ListAppend
{
    /// <summary>Everything that is wrong, in words; empty when all is well.</summary>
    /// <param name="transactions">All that were sent.</param>
    /// <param name="reads">What reads saw of all lists at one moment, and at last the end of the history.</param>
    public static IReadOnlyList<string> Check(IReadOnlyList<AppendTransaction> transactions, IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<int>>> reads)
    {
        var known = transactions.ToDictionary(transaction => transaction.Id);
        var end = reads[^1];
        var wrong = new List<string>();
        foreach (var transaction in transactions)
        {
            var seen = transaction.Lists.Sum(list => List(end, list).Count(item => item == transaction.Id));
            if (transaction.Outcome == true && seen < transaction.Lists.Count)
            {
                wrong.Add($"lost: {transaction.Id} was acknowledged and is not in every list");
            }

            if (seen > transaction.Lists.Count)
            {
                wrong.Add($"twice: {transaction.Id}");
            }
        }

        foreach (var read in reads)
        {
            wrong.AddRange(from list in read
                           from item in list.Value
                           where known[item].Outcome == false
                           select $"G1a: {item} had failed and was read in {list.Key}");
            wrong.AddRange(from list in read
                           from item in list.Value
                           from other in known[item].Lists
                           where !List(read, other).Contains(item)
                           select $"G1b: {item} was read in {list.Key} and not in {other}");
            wrong.AddRange(from list in read
                           where !List(end, list.Key).Take(list.Value.Count).SequenceEqual(list.Value)
                           select $"{list.Key} was read in an order that it did not keep");
        }

        // Two transactions that wrote two lists in different orders come each before the other (G0); with the reads above being prefixes, that is also every circle of reads and writes (G1c).
        wrong.AddRange(from one in end
                       from other in end
                       where string.CompareOrdinal(one.Key, other.Key) < 0
                       where !one.Value.Where(item => other.Value.Contains(item)).SequenceEqual(other.Value.Where(item => one.Value.Contains(item)))
                       select $"G0: {one.Key} and {other.Key} have their common transactions in different orders");
        return [.. wrong.Distinct()];
    }

    private static IReadOnlyList<int> List(IReadOnlyDictionary<string, IReadOnlyList<int>> read, string list) => read.GetValueOrDefault(list, []);
}
