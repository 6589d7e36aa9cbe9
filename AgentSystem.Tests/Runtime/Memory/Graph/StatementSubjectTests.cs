using AgentSystem.Runtime.Memory.Graph;

namespace AgentSystem.Tests.Runtime.Memory.Graph;

public sealed class StatementSubjectTests
{
    [Theory]
    [InlineData("my locker code is 1111", "My locker code is now 2222.")]
    [InlineData("Anna works at Acme", "Anna works for Globex")]
    [InlineData("the status of the order is open", "The status of the order is closed")]
    [InlineData("I live in Oslo", "I live in Bergen")]
    [InlineData("box 271 stands on shelf 16", "box 271 stands on shelf 3")]
    public void Of_TwoThatCannotBothBeSo_IsTheSame(string one, string other)
    {
        Assert.NotNull(StatementSubject.Of(one));
        Assert.Equal(StatementSubject.Of(one), StatementSubject.Of(other));
    }

    [Theory]
    [InlineData("my locker code is 1111", "his locker code is 2222")]
    [InlineData("box 271 stands on shelf 16", "box 272 stands on shelf 16")]
    [InlineData("my sister's birthday is 4 May", "my brother's birthday is 4 May")]
    public void Of_TwoAboutDifferentThings_Differs(string one, string other) => Assert.NotEqual(StatementSubject.Of(one), StatementSubject.Of(other));

    [Theory]
    [InlineData("my sister is a doctor")]
    [InlineData("Anna likes tea")]
    [InlineData("my favourite hobby is chess")]
    [InlineData("we met yesterday")]
    [InlineData("")]
    [InlineData("is")]
    public void Of_WhatMayHaveSeveralValues_IsNone(string text) => Assert.Null(StatementSubject.Of(text));
}
