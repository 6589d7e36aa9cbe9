using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Platform;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace AgentSystem.Api.Platform;

/// <summary>Every setting there is, with the value in force and where it comes from. The list is generated from the options classes (docs/development.md).</summary>
internal sealed class SettingsInForce(IConfiguration configuration)
{
    private const string Masked = "***";
    private static readonly string[] SecretWords = ["key", "secret", "password", "token"];

    /// <summary>The catalogue, in its order, then what is configured of the sections whose names are the operator's own (models, connection strings).</summary>
    public IReadOnlyList<SettingView> Read() => [.. Catalogue().Select(View), .. new[] { "Models", "ConnectionStrings" }.SelectMany(Open)];

    private static KnownSetting[] Catalogue()
    {
        using var file = typeof(SettingsInForce).Assembly.GetManifestResourceStream("settings.json") ?? throw new InvalidOperationException("settings.json is not part of this build.");
        return JsonSerializer.Deserialize<KnownSetting[]>(file, PlatformJson.Options)!;
    }

    private SettingView View(KnownSetting known)
    {
        var (value, source) = Find(known.Name);
        return new SettingView(known.Name, Show(known.Name, value ?? known.Default), value is null ? "default" : source, known.Meaning);
    }

    /// <summary>Nothing is known of these names beforehand, so only what is set is shown, and whatever could be a secret is not.</summary>
    private IEnumerable<SettingView> Open(string section) =>
        from entry in configuration.GetSection(section).AsEnumerable()
        where entry.Value is not null
        orderby entry.Key
        select new SettingView(entry.Key, section == "ConnectionStrings" ? Masked : Show(entry.Key, entry.Value!), Find(entry.Key).Source, "");

    private static string Show(string name, string value) =>
        value.Length > 0 && SecretWords.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase)) ? Masked : value;

    /// <summary>The last provider that has a value wins, as everywhere in .NET's configuration.</summary>
    private (string? Value, string Source) Find(string key)
    {
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (provider.TryGet(key, out var value) && value is not null)
            {
                return (value, provider switch
                {
                    EnvironmentVariablesConfigurationProvider => "environment",
                    CommandLineConfigurationProvider => "command_line",
                    JsonConfigurationProvider => "file",
                    _ => "host",
                });
            }
        }

        return (configuration[key], "host");
    }

    private sealed record KnownSetting(string Name, string Default, string Meaning);
}
