using Microsoft.AspNetCore.Components.Authorization;

namespace AgentSystem.Web.SignIn;

/// <summary>Takes the key from the person the page or circuit was opened by.</summary>
internal sealed class CircuitKey(AuthenticationStateProvider state, ConsoleSessions sessions) : ISignedInKey
{
    public async Task<string?> FindAsync() => await sessions.KeyOfAsync((await state.GetAuthenticationStateAsync()).User);
}
