using System.Text;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Runtime.Responses.Postgres;

/// <summary>What was asked and answered is sealed in its row; how a response ended and what it cost stands in plain.</summary>
internal sealed class ResponseSeal(ISecretBox box)
{
    /// <summary>The columns that are sealed.</summary>
    public const string Request = "request", Input = "input", Output = "output", Work = "work";

    /// <summary>For rotations.</summary>
    public static IReadOnlyList<SealedColumn> Columns { get; } =
    [
        .. new[] { Request, Input, Output }.Select(static column => new SealedColumn("agentsystem.responses", column, Purpose(column), "id", SealedType.Json)),
        new SealedColumn("agentsystem.responses", Work, Purpose(Work), "id", SealedType.Text),
    ];

    /// <summary>See <see cref="SealedPlace.Purpose"/>.</summary>
    public static string Purpose(string column) => "responses." + column;

    public async ValueTask<StoredResponse> SealAsync(StoredResponse response, CancellationToken cancellation) => response with
    {
        Request = await SealAsync(response.Tenant, response.Id, Request, response.Request, cancellation),
        Input = await SealAsync(response.Tenant, response.Id, Input, response.Input, cancellation),
        Output = await SealAsync(response.Tenant, response.Id, Output, response.Output, cancellation),
    };

    public async ValueTask<ResponseEnd> SealAsync(string tenant, string id, ResponseEnd end, CancellationToken cancellation) =>
        end with { Output = await SealAsync(tenant, id, Output, end.Output, cancellation) };

    public ValueTask<string> SealAsync(string tenant, string id, string column, string json, CancellationToken cancellation) => box.SealAsync(new SealedPlace(tenant, Purpose(column), id), json, cancellation);

    /// <exception cref="SealException">It cannot be opened.</exception>
    public async ValueTask<StoredResponse> OpenAsync(StoredResponse response, CancellationToken cancellation) => response with
    {
        Request = await OpenAsync(response.Tenant, response.Id, Request, response.Request, cancellation),
        Input = await OpenAsync(response.Tenant, response.Id, Input, response.Input, cancellation),
        Output = await OpenAsync(response.Tenant, response.Id, Output, response.Output, cancellation),
    };

    /// <exception cref="SealException">It cannot be opened.</exception>
    public async ValueTask<string> OpenAsync(string tenant, string id, string column, string stored, CancellationToken cancellation)
    {
        var (json, failure) = await box.OpenAsync(new SealedPlace(tenant, Purpose(column), id), stored, cancellation);
        return json ?? throw new SealException(failure!);
    }

    /// <summary>For a list, which one response that cannot be opened does not hide: that one is shown without what it says.</summary>
    public async ValueTask<StoredResponse> OpenListedAsync(StoredResponse response, CancellationToken cancellation)
    {
        try
        {
            var opened = await OpenAsync(response, cancellation);
            return Encoding.UTF8.GetByteCount(opened.Input) <= ResponseQuery.LongestInput ? opened : opened with { Input = "[]" };
        }
        catch (SealException)
        {
            return response with { Request = "{}", Input = "[]", Output = "[]" };
        }
    }
}
