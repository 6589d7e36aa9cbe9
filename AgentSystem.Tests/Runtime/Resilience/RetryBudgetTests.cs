using AgentSystem.Runtime.Resilience;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Resilience;

public sealed class RetryBudgetTests
{
    [Fact]
    public void TryRetry_HoweverCallsAndRetriesInterleave_NeverExceedsReservePlusItsShareOfCalls() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 20], Gen.Bool.Array[0, 500]).Sample((share, reserve, isRetry) =>
        {
            var budget = new RetryBudget(share, reserve);
            var (calls, retries) = (0, 0);
            foreach (var retry in isRetry)
            {
                if (retry)
                {
                    retries += budget.TryRetry() ? 1 : 0;
                }
                else
                {
                    budget.Called();
                    calls++;
                }
            }

            return retries <= reserve + (share * calls) + 1e-9 && budget.Left >= 0 && budget.Left <= reserve;
        });

    [Fact]
    public void TryRetry_EmptyBucket_SaysNo() => Assert.False(new RetryBudget(0.1, 0).TryRetry());
}
