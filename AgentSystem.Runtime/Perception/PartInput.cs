namespace AgentSystem.Runtime.Perception;

/// <summary>One part as it comes in.</summary>
/// <param name="Modality">What it was sent as: <c>text</c>, <c>image</c> or <c>audio</c>; null: whatever it is.</param>
/// <param name="MediaType">What it was declared to be; null: nothing.</param>
/// <param name="Content">All bytes; of a text, UTF-8.</param>
public sealed record PartInput(string? Name, string? Modality, string? MediaType, ReadOnlyMemory<byte> Content);

/// <summary>What is wanted of all parts.</summary>
/// <param name="Tenant">Whose results they are.</param>
/// <param name="Ask">For whom models are asked; null: no model is.</param>
public sealed record PerceptionRequest(string Tenant, bool Thumbnails, PerceptionAsk? Ask);

/// <summary>What became of a part, with what may go on of it.</summary>
/// <param name="Problem">Set exactly when the part was refused.</param>
/// <param name="Clean">Of an image: the copy made anew from its pixels. Otherwise empty.</param>
public sealed record SeenPart(Contracts.Perception.PerceivedPart Part, PartProblem? Problem, ReadOnlyMemory<byte> Clean);
