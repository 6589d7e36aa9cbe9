using AgentSystem.Runtime.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Responses;

/// <summary>Deletes responses whose time is over.</summary>
internal sealed class ResponseCleaner(IResponseStore store, IOptions<ResponsesOptions> options, TimeProvider time, ILogger<ResponseCleaner> log)
    : RowCleaner("responses", options.Value.CleaningInterval, time, log)
{
    protected override Task<int> DeleteAsync(int most, CancellationToken cancellation) => store.DeleteExpiredAsync(most, cancellation);
}
