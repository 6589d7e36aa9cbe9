namespace AgentSystem.AppHost.Embedded;

/// <summary>Whether containers can be started here. Only the daemon's own answer counts: a client on the path proves nothing.</summary>
internal static class ContainerDaemon
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        // The variable is Aspire's own choice of the runtime; where it is silent Aspire takes docker, then podman.
        var named = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME");
        foreach (var runtime in string.IsNullOrEmpty(named) ? ["docker", "podman"] : new[] { named })
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                if ((await new Command(null).RunAsync(runtime, ["ps", "--quiet"], patience.Token)).Succeeded)
                {
                    return true;
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // A daemon that does not answer in time is as good as none.
            }
        }

        return false;
    }
}
