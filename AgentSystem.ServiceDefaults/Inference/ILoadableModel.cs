namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>A client whose model must be read into memory before its first answer; found through <c>GetService</c>.</summary>
internal interface ILoadableModel
{
    /// <summary>Loads the model once; later calls await the same loading. After a failure the next call tries again.</summary>
    Task LoadAsync(CancellationToken cancellationToken);
}
