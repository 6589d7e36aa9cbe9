using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Tests.Contracts;

/// <summary>Makes one value of any record of the contracts, the same on every run, so that a new record is covered the day it is written.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 22, 14, 5, 30, 250, TimeSpan.Zero);
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Every record that crosses a process boundary; a generic one with <see cref="string"/> for its argument.</summary>
    public static IReadOnlyList<Type> Records { get; } =
    [
        .. typeof(PlatformJson).Assembly.GetExportedTypes()
            // What roles say to each other is no JSON: its numbers are pinned by RoleContractTests.
            .Where(type => type is { IsAbstract: false, IsEnum: false } && IsRecord(type) && !type.IsDefined(typeof(DataContractAttribute), inherit: false))
            .Select(type => type.IsGenericTypeDefinition ? type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(string))]) : type)
            .OrderBy(Name, StringComparer.Ordinal),
    ];

    public static string Name(Type type) => type.Name.Split('`')[0];

    /// <summary>The type it is written as: the base that carries the discriminator, where there is one.</summary>
    public static Type Declared(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false))
            {
                return parent;
            }
        }

        return type;
    }

    /// <summary>A value with every member filled, or with every member that may be absent left out.</summary>
    public static object Make(Type type, bool full)
    {
        var constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).First();
        var value = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Argument(parameter, full))]);
        var given = constructor.GetParameters().Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties().Where(property => property is { CanWrite: true } && property.GetIndexParameters().Length == 0 && !given.Contains(property.Name)))
        {
            if (full || Nullability.Create(property).WriteState != NullabilityState.Nullable)
            {
                property.SetValue(value, Of(property.PropertyType, property.Name, full));
            }
        }

        return value;
    }

    private static object? Argument(ParameterInfo parameter, bool full)
    {
        var optional = Nullability.Create(parameter).WriteState == NullabilityState.Nullable || Nullable.GetUnderlyingType(parameter.ParameterType) is not null;
        return optional && !full ? null : Of(parameter.ParameterType, parameter.Name!, full);
    }

    private static object Of(Type type, string name, bool full)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(0)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() is var shape)
        {
            var arguments = type.GetGenericArguments();
            if (shape == typeof(IReadOnlyDictionary<,>))
            {
                var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
                dictionary.Add("key", Of(arguments[1], name, full));
                return dictionary;
            }

            if (shape == typeof(IReadOnlyList<>) || shape == typeof(IReadOnlyCollection<>) || shape == typeof(IEnumerable<>))
            {
                var list = Array.CreateInstance(arguments[0], full ? 1 : 0);
                if (full)
                {
                    list.SetValue(Of(arguments[0], name, full), 0);
                }

                return list;
            }
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => $"some {name}",
            TypeCode.Boolean => true,
            TypeCode.Int32 => 42,
            TypeCode.Int64 => 42L,
            TypeCode.Double => 1.5,
            TypeCode.Decimal => 0.000125m,
            _ when type == typeof(DateTimeOffset) => Moment,
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(90),
            _ when type == typeof(Guid) => new Guid("00000000-0000-0000-0000-000000000042"),
            _ when type == typeof(System.Text.Json.JsonElement) => System.Text.Json.JsonSerializer.SerializeToElement("json"),
            _ when type == typeof(System.Text.Json.Nodes.JsonObject) => new System.Text.Json.Nodes.JsonObject { ["member"] = $"some {name}" },
            _ when IsRecord(type) => Make(type.IsAbstract ? Records.First(record => record.IsAssignableTo(type)) : type, full),
            _ => throw new NotSupportedException($"Samples does not know how to make a {type}: teach it in Samples.Of."),
        };
    }

    // Only records have a compiler-made clone method.
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
}
