using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Responses are listed, the newest first.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128101000_ResponseList")]
internal sealed class ResponseList : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX responses_newest ON agentsystem.responses (tenant_id, created_at DESC, id DESC);");
}
