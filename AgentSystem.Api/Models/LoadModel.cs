using AgentSystem.Api.Http;
using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>POST /api/v1/models/{name}/load</c>: loads a model now, again if it failed before. A model that needs no loading stays as it is.</summary>
internal static class LoadModel
{
    public static async Task<Results<Ok<ModelStatus>, FailureResult>> Handle(string name, ModelStatusReader reader, ModelLoading loading, CancellationToken cancellation)
    {
        var (before, failure) = reader.Read(name);
        if (before is null)
        {
            return new FailureResult(failure!);
        }

        await loading.TryLoadAsync(before.Model.Name, cancellation);
        return TypedResults.Ok(reader.Read(name).Status!);
    }
}
