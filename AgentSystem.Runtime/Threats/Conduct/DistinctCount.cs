using System.Numerics;

namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>
/// How many different things were seen in the last 10 to 20 minutes, in 128 bytes whatever they are: linear counting (Whang, Vander-Zanden, Taylor 1990) over the bits of this generation and the one before.
/// Off by less than a tenth up to some 300; more cannot be told apart, and need not.
/// </summary>
internal sealed class DistinctCount
{
    /// <summary>Length of a generation.</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromMinutes(10);

    private const int Words = 8, Bits = Words * 64;

    private readonly ulong[] current = new ulong[Words];
    private readonly ulong[] before = new ulong[Words];
    private long generation;

    /// <summary>Something was seen.</summary>
    /// <param name="hash">An evenly spread hash of it.</param>
    public void Add(ulong hash, DateTimeOffset now)
    {
        Roll(now);
        var bit = (int)(hash % Bits);
        current[bit >> 6] |= 1UL << (bit & 63);
    }

    /// <summary>The estimate.</summary>
    public double Estimate(DateTimeOffset now)
    {
        Roll(now);
        var set = 0;
        for (var i = 0; i < Words; i++)
        {
            set += BitOperations.PopCount(current[i] | before[i]);
        }

        return set == 0 ? 0 : Bits * Math.Log((double)Bits / Math.Max(1, Bits - set));
    }

    private void Roll(DateTimeOffset now)
    {
        var here = now.UtcTicks / Generation.Ticks;
        if (here <= generation)
        {
            return;
        }

        if (here == generation + 1)
        {
            current.CopyTo(before, 0);
        }
        else
        {
            Array.Clear(before);
        }

        Array.Clear(current);
        generation = here;
    }
}
