namespace AgentSystem.Tests.Architecture;

public class VendorTests
{
    [Fact]
    public void Vendors_EachOfThem_LiveInAFolderOfTheirName() =>
        Rule.Holds(VendorRules.Check(Repository.Product), "Move the code into a sub-folder named after the vendor, or list the exception in VendorRules with its reason.");

    [Fact]
    public void Exceptions_OfTheRule_HaveReasons() => Assert.DoesNotContain(VendorRules.Exceptions, exception => exception.Reason.Length < 20);

    [Theory]
    [InlineData("AgentSystem.Runtime/Memory/Store.cs", "using Npgsql;", "Npgsql")]
    [InlineData("AgentSystem.Runtime/Memory/Store.cs", "using NpgsqlTypes; using Npgsql.Internal;", "Npgsql")]
    [InlineData("AgentSystem.Api/Chat/Answer.cs", "using OpenAI.Chat;", "OpenAI")]
    [InlineData("AgentSystem.Runtime/Caching/Store.cs", "StackExchange.Redis.IDatabase db;", "StackExchange.Redis")]
    public void Check_VendorOutsideItsFolder_IsCaught(string path, string code, string vendor) =>
        Rule.Catches(VendorRules.Check([new SourceFile(path, code)]), $"uses {vendor} outside");

    [Theory]
    [InlineData("AgentSystem.Runtime/Memory/Postgres/Store.cs", "using Npgsql;")]
    [InlineData("AgentSystem.ServiceDefaults/Stores/DirectStores.cs", "using Npgsql;")]
    [InlineData("AgentSystem.Api/Chat/Answer.cs", "using AgentSystem.ServiceDefaults.Inference.OpenAI;")]
    [InlineData("AgentSystem.Api/Chat/Answer.cs", "sealed class Ours { OpenAI.Ours x; }")]
    public void Check_VendorWhereItBelongs_Passes(string path, string code) => Assert.Empty(VendorRules.Check([new SourceFile(path, code)]));
}
