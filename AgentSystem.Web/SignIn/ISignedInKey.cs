namespace AgentSystem.Web.SignIn;

/// <summary>The key API calls are made with.</summary>
internal interface ISignedInKey
{
    /// <summary>The signed-in person's key; null when nobody is signed in.</summary>
    Task<string?> FindAsync();
}
