using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Microsoft.Extensions.Logging;
using Tsavorite.core;

namespace AgentSystem.AppHost.Embedded.Garnet;

/// <summary>
/// A server of the Redis protocol inside this process, on a loopback port of its own behind a password of its own.
/// It forgets everything when it stops and the oldest when it is full: what it holds is speed, never truth.
/// </summary>
public sealed partial class EmbeddedGarnet : IDisposable
{
    private const int PasswordBytes = 32;
    private const int PortAttempts = 5;

    private readonly GarnetServer server;

    private EmbeddedGarnet(GarnetServer server, string connectionString) => (this.server, ConnectionString) = (server, connectionString);

    /// <summary>For StackExchange.Redis: address and password.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server; null, and one line in the log, when it cannot be started: the system works without it.</summary>
    public static EmbeddedGarnet? TryStart(string dataFolder, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(dataFolder);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Start(dataFolder);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < PortAttempts)
            {
                // Somebody took the port between our asking for a free one and the server's binding to it.
                continue;
            }
            catch (Exception reason) when (reason is not OutOfMemoryException)
            {
                // The server is an extra: whatever is wrong with it must not keep the system from starting.
                LogWithout(logger, reason.Message);
                return null;
            }
        }
    }

    public void Dispose() => server.Dispose();

    private static EmbeddedGarnet Start(string dataFolder)
    {
        var port = FreePort();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        var server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            AuthSettings = new PasswordAuthenticationSettings(password),
            QuietMode = true,
            LogMemorySize = "256m",
            PageSize = "4m",
            IndexMemorySize = "16m",
            CheckpointDir = Path.Combine(dataFolder, "garnet"),
            // The native device does not load on glibc before 2.38, and a snapshot would then fail after it was acknowledged.
            DeviceType = DeviceType.RandomAccess,
            DeviceFactoryCreator = new LocalStorageNamedDeviceFactoryCreator(deviceType: DeviceType.RandomAccess),
        });
        try
        {
            server.Start();
        }
        catch
        {
            server.Dispose();
            throw;
        }

        return new EmbeddedGarnet(server, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},password={password}"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Running without Redis: the embedded Garnet did not start ({Reason}). Everything works, some of it slower; ConnectionStrings__redis names a server of your own.")]
    private static partial void LogWithout(ILogger logger, string reason);
}
