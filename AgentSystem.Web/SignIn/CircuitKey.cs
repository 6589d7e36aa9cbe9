using Microsoft.AspNetCore.Components.Authorization;

namespace AgentSystem.Web.SignIn;

/// <summary>Takes the key from the person the page or circuit was opened by.</summary>
internal sealed class CircuitKey(AuthenticationStateProvider state) : ISignedInKey
{
    public async Task<string?> FindAsync() => ConsoleUser.KeyOf((await state.GetAuthenticationStateAsync()).User);
}
