namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>A client whose model must be read into memory before its first answer; found through <c>GetService</c>.</summary>
internal interface ILoadableModel
{
    /// <summary>Loads the model once; later calls await the same loading and meet the same failure.</summary>
    Task LoadAsync(CancellationToken cancellationToken);
}
