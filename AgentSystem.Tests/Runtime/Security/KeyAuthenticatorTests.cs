using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Security;

/// <summary>Keys while their store is there, slow, or away; under a clock that the test moves.</summary>
public sealed class KeyAuthenticatorTests
{
    private static readonly RootKey Root = new("a-root-key-for-tests-0123456789-0123456789");

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly KeySecrets secrets = new(Root);
    private readonly FewKeys store = new();
    private readonly string secret = KeySecrets.Create();
    private readonly KeyAuthenticator keys;

    public KeyAuthenticatorTests()
    {
        keys = new KeyAuthenticator(store, secrets, Options.Create(new SecurityOptions()), clock, NullLogger<KeyAuthenticator>.Instance);
        store.Add(secrets.Hash(secret), "key_1");
    }

    [Fact]
    public async Task Authenticate_MistypedKey_IsRefusedWithoutAskingTheStore()
    {
        var slip = secret[..10] + (secret[10] == 'x' ? 'y' : 'x') + secret[11..];

        Assert.Equal("The key is not valid.", (await AskAsync(slip)).Reason);
        Assert.Equal(0, store.Asked);
        Assert.NotNull((await AskAsync(secret)).Caller);
        Assert.Equal(1, store.Asked);
    }

    [Fact]
    public async Task Authenticate_ManyAtOnce_AsksTheStoreOnce()
    {
        store.Hold();
        var all = Enumerable.Range(0, 50).Select(_ => AskAsync(secret)).ToArray();
        store.Release();

        Assert.All(await Task.WhenAll(all), static verdict => Assert.NotNull(verdict.Caller));
        Assert.Equal(1, store.Asked);
    }

    [Fact]
    public async Task Authenticate_RevokedWhileTheStoreAnswers_StopsWithinTheTrust()
    {
        await AskAsync(secret);
        store.Revoke("key_1", clock.GetUtcNow());
        clock.Advance(KeyAuthenticator.Trust + TimeSpan.FromMilliseconds(1));

        Assert.Equal("The key has been revoked.", (await AskAsync(secret)).Reason);
    }

    [Fact]
    public async Task Authenticate_StoreAway_KnownKeysGoOnForTheGraceAndNoLonger()
    {
        await AskAsync(secret);
        store.IsAway = true;
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.NotNull((await AskAsync(secret)).Caller);
        Assert.True(keys.Knows(secret));

        clock.Advance(TimeSpan.FromMinutes(.2));
        var late = await AskAsync(secret);
        Assert.Equal((null, KeyAuthenticator.Retry), (late.Caller, late.RetryAfter));
        Assert.False(keys.Knows(secret));

        store.IsAway = false;
        Assert.NotNull((await AskAsync(secret)).Caller);
    }

    [Fact]
    public async Task Authenticate_StoreAway_AnUnknownKeyIsNeitherGoodNorBad()
    {
        store.IsAway = true;
        var verdict = await AskAsync(KeySecrets.Create());

        Assert.Equal((null, KeyAuthenticator.Retry), (verdict.Caller, verdict.RetryAfter));
    }

    [Fact]
    public async Task Authenticate_StoreAway_AKnownKeyStillExpires()
    {
        store.Expire("key_1", clock.GetUtcNow().AddMinutes(1));
        await AskAsync(secret);
        store.IsAway = true;
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("The key has expired.", (await AskAsync(secret)).Reason);
    }

    [Fact]
    public async Task Authenticate_StoreSlow_AKnownKeyWaitsASecondAtMostAndTheAnswerCountsWhenItComes()
    {
        await AskAsync(secret);
        clock.Advance(TimeSpan.FromSeconds(3));
        store.Hold();
        var waiting = AskAsync(secret);
        store.Revoke("key_1", clock.GetUtcNow());
        Assert.False(waiting.IsCompleted);
        clock.Advance(KeyAuthenticator.Patience);

        Assert.NotNull((await waiting).Caller);
        await store.ReleaseAndAnswerAsync();
        Assert.Equal("The key has been revoked.", (await AskAsync(secret)).Reason);
    }

    [Fact]
    public async Task Authenticate_TenThousandMadeUpKeys_DoNotPushTheGoodOneOut()
    {
        await AskAsync(secret);
        for (var i = 0; i < 10_050; i++)
        {
            await AskAsync($"made-up-{i}");
        }

        store.IsAway = true;
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await AskAsync(secret)).Caller);
    }

    [Fact]
    public async Task Authenticate_LastUseCannotBeKept_LetsTheKeyIn()
    {
        await AskAsync(secret);
        store.IsAway = true;
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.NotNull((await AskAsync(secret)).Caller);
        Assert.Equal(1, store.Touched);
    }

    private Task<KeyVerdict> AskAsync(string key) => keys.AuthenticateAsync(key, CancellationToken.None);

    /// <summary>A store in memory that can be held up and taken away.</summary>
    private sealed class FewKeys : IKeyStore
    {
        private readonly Dictionary<string, StoredKey> kept = new(StringComparer.Ordinal);
        private TaskCompletionSource open = Opened();
        private Task answering = Task.CompletedTask;

        public bool IsAway { get; set; }

        public int Asked { get; private set; }

        public int Touched { get; private set; }

        public void Add(byte[] hash, string id) => kept[Convert.ToHexString(hash)] =
            new StoredKey(hash, new KeyView(id, id, "as-123456", Tenants.Default, null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None, DateTimeOffset.UnixEpoch, null, null, null));

        public void Hold() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => open.SetResult();

        public async Task ReleaseAndAnswerAsync()
        {
            Release();
            await answering;
        }

        public void Revoke(string id, DateTimeOffset at) => Change(id, view => view with { RevokedAt = at });

        public void Expire(string id, DateTimeOffset at) => Change(id, view => view with { ExpiresAt = at });

        public Task<StoredKey?> FindByHashAsync(byte[] hash, CancellationToken cancellation)
        {
            Asked++;
            var answer = AnswerAsync(Convert.ToHexString(hash));
            answering = answer;
            return answer;
        }

        public Task TouchAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation)
        {
            Refuse();
            Touched++;
            return Task.CompletedTask;
        }

        public Task AddAsync(StoredKey key, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<KeyView>> ListAsync(string tenant, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<KeyView>> PageAsync(string tenant, string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation) => throw new NotSupportedException();

        public Task RevokeOthersNamedAsync(string tenant, string name, string exceptId, DateTimeOffset at, CancellationToken cancellation) => throw new NotSupportedException();

        private async Task<StoredKey?> AnswerAsync(string hash)
        {
            await open.Task;
            Refuse();
            return kept.GetValueOrDefault(hash);
        }

        private void Change(string id, Func<KeyView, KeyView> change)
        {
            var (hash, key) = kept.Single(pair => pair.Value.View.Id == id);
            kept[hash] = key with { View = change(key.View) };
        }

        private void Refuse()
        {
            if (IsAway)
            {
                throw new TimeoutException("The script says: away.");
            }
        }

        private static TaskCompletionSource Opened()
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            source.SetResult();
            return source;
        }
    }
}
