using Grpc.Core;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>The messages of a call whose first one decides who answers. What breaks off after that is told, not repeated.</summary>
internal sealed class MeshStream<T>(Func<CancellationToken, Task<MeshAnswer<T>>> begin, string role) : IAsyncStreamReader<T>, IDisposable
{
    private MeshAnswer<T>? answer;
    private bool disposed;

    public T Current => answer is { } begun ? begun.Call.ResponseStream.Current : throw new InvalidOperationException("The stream has not begun.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (answer is null)
        {
            answer = await begin(cancellationToken).ConfigureAwait(false);
            if (disposed)
            {
                Close();
            }

            return answer.Any;
        }

        try
        {
            return await answer.Call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller gave the stream up.", e, cancellationToken);
        }
        catch (RpcException e)
        {
            var failed = MeshFailures.Read(role, e);
            if (failed.Failure is Contracts.Roles.RoleFailure.Broken or Contracts.Roles.RoleFailure.Away)
            {
                answer.Peer.Failed();
            }

            throw failed;
        }
    }

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            Close();
        }
    }

    private void Close()
    {
        if (answer is { } begun)
        {
            begun.Call.Dispose();
            begun.Peer.Leave();
        }
    }
}
