using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>An answer whose client hung up in the middle is kept as far as it was said, and says so.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128105000_CutMessages")]
internal sealed class CutMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE agentsystem.thread_messages ADD COLUMN cut boolean NOT NULL DEFAULT false;");
}
