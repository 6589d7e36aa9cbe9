using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Long texts are packed with LZ4 where the server has it: packing a step's result cost as much of the server's time as all else of the step.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128103000_Compression")]
internal sealed class Compression : Migration
{
    // What is there stays as it is and is read as before. A server that was built without LZ4 goes on with its own way.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DO $$ BEGIN
            ALTER TABLE agentsystem.run_steps ALTER COLUMN result SET COMPRESSION lz4, ALTER COLUMN arguments SET COMPRESSION lz4;
            ALTER TABLE agentsystem.run_events ALTER COLUMN data SET COMPRESSION lz4;
            ALTER TABLE agentsystem.runs ALTER COLUMN input SET COMPRESSION lz4, ALTER COLUMN output SET COMPRESSION lz4;
            ALTER TABLE agentsystem.session_keys ALTER COLUMN value SET COMPRESSION lz4;
        EXCEPTION WHEN feature_not_supported THEN
            RAISE NOTICE 'This server has no LZ4; long texts are packed with its own method.';
        END $$;
        """);
}
