using System.Diagnostics.CodeAnalysis;

namespace AgentSystem.Web.Clients;

/// <summary>What a call gave: a value, or the reason there is none.</summary>
internal sealed class ApiResult<T>
    where T : class
{
    private ApiResult(T? value, ApiFailure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public ApiFailure? Failure { get; }

    /// <summary>The ETag the answer came with, quotes included: what a change on top of it sends as <see cref="ApiCall.IfMatch"/>; null when it came without.</summary>
    public string? ETag { get; private init; }

    /// <summary>True when the answer says that something was made (201), not that it is there.</summary>
    public bool IsCreated { get; private init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Value is not null;

    /// <summary>The same, seen at <paramref name="etag"/>, from an answer with <paramref name="status"/>.</summary>
    public ApiResult<T> At(string? etag, int status) => new(Value, Failure) { ETag = etag, IsCreated = status == StatusCodes.Status201Created };

    public static implicit operator ApiResult<T>(T value) => new(value, null);

    public static implicit operator ApiResult<T>(ApiFailure failure) => new(null, failure);
}
