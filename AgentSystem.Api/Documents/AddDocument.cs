using AgentSystem.Api.Http;
using AgentSystem.Contracts.Documents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Documents;

/// <summary><c>POST /api/v1/documents</c>: 201 for a new document, 200 when the same bytes are there already.</summary>
internal static class AddDocument
{
    public static async Task<Results<Created<DocumentView>, Ok<DocumentView>, FailureResult>> Handle(
        HttpContext http, DocumentIntake intake, IAgentStore agents, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var (form, failure) = await UploadForm.ReadAsync(http.Request, cancellation);
        if (form is null)
        {
            return new FailureResult(failure!);
        }

        if (form.Agent is not null && await DocumentAccess.ProblemAsync(form.Agent, caller, agents, cancellation) is { } unknown)
        {
            return new FailureResult(unknown);
        }

        var added = await intake.AddAsync(new DocumentUpload(caller.Tenant, form.Agent, form.Title, form.FileName, form.MediaType, form.Content, caller.KeyName), cancellation);
        return added switch
        {
            { View: null } => new FailureResult(added.Refusal!.ToFailure(form.ContentField)),
            { IsNew: true } => TypedResults.Created("/api/v1/documents/" + added.View.Id, added.View),
            _ => TypedResults.Ok(added.View),
        };
    }
}
