using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Names of keys, for what belongs to a key and not to a user: the API writes its user as <c>key:</c> and the key's id.</summary>
internal sealed class KeyNames
{
    private const string Start = "key:";
    private const int ShownOfAnId = 12;

    private readonly Dictionary<string, string> _names;

    private KeyNames(Dictionary<string, string> names) => _names = names;

    public static KeyNames None { get; } = new([]);

    public static bool IsKey(string user) => user.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>Asks for the keys, revoked ones too; without an answer their ids have to do.</summary>
    public static async Task<KeyNames> LoadAsync(AgentSystemClient api, CancellationToken cancellation) =>
        (await api.ListKeysAsync(cancellation)).Value is { } keys ? new KeyNames(keys.Data.ToDictionary(static key => key.Id, static key => key.Name)) : None;

    /// <summary>A user as a person reads it: itself, or the name of the key, or the beginning of its id.</summary>
    public string InWords(string user)
    {
        if (!IsKey(user))
        {
            return user;
        }

        var id = user[Start.Length..];
        return _names.TryGetValue(id, out var name) ? $"key {name}" : id.Length <= ShownOfAnId ? $"key {id}" : $"key {id[..ShownOfAnId]}…";
    }
}
