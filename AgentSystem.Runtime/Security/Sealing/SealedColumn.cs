namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>A column whose values are sealed: what a rotation of data keys seals again. Every member but <paramref name="Purpose"/> is SQL that stands in the code.</summary>
/// <param name="Table">With its schema. It has <c>tenant_id</c>, and the app role may update the column.</param>
/// <param name="Column">The column: <c>bytea</c>, or <c>json</c> or <c>text</c> with documents as <c>SealedJson</c> writes them.</param>
/// <param name="Purpose">See <see cref="SealedPlace.Purpose"/>.</param>
/// <param name="Id">An expression that gives <see cref="SealedPlace.Id"/> of a row.</param>
/// <param name="Type">The column's type.</param>
public sealed record SealedColumn(string Table, string Column, string Purpose, string Id, SealedType Type);

/// <summary>Types of <see cref="SealedColumn"/>.</summary>
public enum SealedType
{
    /// <summary><c>bytea</c>.</summary>
    Bytes,

    /// <summary><c>json</c>.</summary>
    Json,

    /// <summary><c>text</c> that holds JSON.</summary>
    Text,
}
