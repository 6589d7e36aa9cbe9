namespace AgentSystem.Web.Hosting;

internal static class ConsoleErrors
{
    public const string ErrorPath = "/error";
    public const string NotFoundPath = "/not-found";

    /// <summary>Failures and unknown addresses get a page in the console's own words; a stack trace never leaves.</summary>
    public static void UseConsoleErrors(this WebApplication app)
    {
        app.UseExceptionHandler(ErrorPath, createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute(NotFoundPath, createScopeForStatusCodePages: true, queryFormat: "?status={0}");
    }
}
