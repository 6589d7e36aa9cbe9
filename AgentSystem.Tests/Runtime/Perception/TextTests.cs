using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception.Text;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Texts: language, structure, names, amounts and dates.</summary>
public sealed class TextTests
{
    private static readonly string[] Words = ["tomorrow", "12 March", "€ 5", "km", "```", "|", "\n", "Dr. ", "Ada ", "http://x.y", "in 3 days", "1.234,5", "31/12/2026 25:99"];

    private static readonly DateTimeOffset Now = new(2026, 11, 28, 14, 35, 20, TimeSpan.Zero);

    /// <summary>Written for this test, after the profiles and with other words.</summary>
    private static readonly (string Code, string Sentence)[] Sentences =
    [
        ("en", "My neighbour bought an old bicycle and repaired it over the weekend."), ("de", "Mein Nachbar hat ein altes Fahrrad gekauft und es am Wochenende repariert."),
        ("fr", "Mon voisin a acheté un vieux vélo et l'a réparé pendant le week-end."), ("es", "Mi vecino compró una bicicleta vieja y la reparó durante el fin de semana."),
        ("pt", "O meu vizinho comprou uma bicicleta velha e consertou-a no fim de semana."), ("it", "Il mio vicino ha comprato una vecchia bicicletta e l'ha riparata nel fine settimana."),
        ("nl", "Mijn buurman heeft een oude fiets gekocht en die in het weekend gerepareerd."), ("sv", "Min granne köpte en gammal cykel och lagade den under helgen."),
        ("da", "Min nabo købte en gammel cykel og reparerede den i løbet af weekenden."), ("fi", "Naapurini osti vanhan polkupyörän ja korjasi sen viikonlopun aikana."),
        ("pl", "Mój sąsiad kupił stary rower i naprawił go w ciągu weekendu."), ("cs", "Můj soused si koupil staré kolo a o víkendu ho opravil."),
        ("hu", "A szomszédom vett egy régi kerékpárt, és a hétvégén megjavította."), ("ro", "Vecinul meu a cumpărat o bicicletă veche și a reparat-o în weekend."),
        ("tr", "Komşum eski bir bisiklet satın aldı ve hafta sonu onu tamir etti."), ("id", "Tetangga saya membeli sepeda tua dan memperbaikinya pada akhir pekan."),
        ("vi", "Hàng xóm của tôi đã mua một chiếc xe đạp cũ và sửa nó vào cuối tuần."), ("lt", "Mano kaimynas nusipirko seną dviratį ir per savaitgalį jį pataisė."),
        ("lv", "Mans kaimiņš nopirka vecu velosipēdu un nedēļas nogalē to salaboja."), ("et", "Minu naaber ostis vana jalgratta ja parandas selle nädalavahetusel ära."),
        ("ca", "El meu veí va comprar una bicicleta vella i la va arreglar durant el cap de setmana."), ("ru", "Мой сосед купил старый велосипед и починил его за выходные."),
        ("uk", "Мій сусід купив старий велосипед і полагодив його за вихідні."), ("bg", "Съседът ми купи старо колело и го поправи през уикенда."),
        ("ar", "اشترى جاري دراجة قديمة وأصلحها خلال عطلة نهاية الأسبوع."), ("fa", "همسایه‌ام یک دوچرخه قدیمی خرید و آخر هفته آن را تعمیر کرد."),
        ("hi", "मेरे पड़ोसी ने एक पुरानी साइकिल खरीदी और सप्ताहांत में उसे ठीक किया।"), ("el", "Ο γείτονάς μου αγόρασε ένα παλιό ποδήλατο."), ("he", "השכן שלי קנה אופניים ישנים."),
        ("ja", "隣の人が古い自転車を買って、週末に修理しました。"), ("zh", "我的邻居买了一辆旧自行车，周末把它修好了。"), ("ko", "내 이웃은 낡은 자전거를 사서 주말에 고쳤다."), ("th", "เพื่อนบ้านของฉันซื้อจักรยานเก่า"),
    ];

    /// <summary>A sentence is little: a few are taken for a neighbour's language. What is said of it in the capability's README comes from other texts.</summary>
    [Fact]
    public void Language_OfASentence_IsNamedMostly()
    {
        var missed = Sentences.Where(static each => TextAnalysis.Of(each.Sentence, Now).Language.Code != each.Code).Select(static each => each.Code).ToArray();
        Assert.True(missed.Length <= 3, $"Missed: {string.Join(' ', missed)}");
    }

    [Fact]
    public void Language_OfTooLittle_IsUndetermined()
    {
        Assert.Equal(("und", 0.0), (LanguageDetector.Detect("ok").Code, LanguageDetector.Detect("12345").Confidence));
        Assert.True(LanguageProfiles.Instance.Languages.Count >= 50);
    }

    [Theory]
    [InlineData("2026-11-28", "2026-11-28T00:00:00Z", "day")]
    [InlineData("2026-11-28T10:00:00+02:00", "2026-11-28T08:00:00Z", "second")]
    [InlineData("on 12 March 2027 at 9:30 pm we start", "2027-03-12T21:30:00Z", "minute")]
    [InlineData("on March 3rd, 2027 we start", "2027-03-03T00:00:00Z", "day")]
    [InlineData("Wir beginnen am 24. Dezember 2026 um 18:30 Uhr mit dem Fest", "2026-12-24T18:30:00Z", "minute")]
    [InlineData("La fête commence le 1er mars 2027 à 14h30 dans la ville", "2027-03-01T14:30:00Z", "minute")]
    [InlineData("La fiesta es el 5 de mayo de 2027 en la casa de mi madre", "2027-05-05T00:00:00Z", "day")]
    [InlineData("The report for October 2025 is late", "2025-10-01T00:00:00Z", "month")]
    [InlineData("Am 03.04.2027 kommen wir nach Hause", "2027-04-03T00:00:00Z", "day")]
    [InlineData("We are back on 04/03/2027 from our holidays", "2027-04-03T00:00:00Z", "day")]
    [InlineData("see you tomorrow", "2026-11-29T00:00:00Z", "day")]
    [InlineData("it was three days ago", "2026-11-25T00:00:00Z", "day")]
    [InlineData("in two hours", "2026-11-28T16:35:00Z", "minute")]
    [InlineData("next Monday", "2026-11-30T00:00:00Z", "day")]
    [InlineData("last Saturday", "2026-11-21T00:00:00Z", "day")]
    [InlineData("Das war vor zwei Wochen in der Stadt", "2026-11-14T00:00:00Z", "day")]
    [InlineData("C'était il y a trois jours dans la maison", "2026-11-25T00:00:00Z", "day")]
    [InlineData("Fue hace dos semanas en la ciudad", "2026-11-14T00:00:00Z", "day")]
    [InlineData("La semaine prochaine nous serons dans les montagnes", "2026-12-05T00:00:00Z", "day")]
    public void Dates_AsPeopleWriteThem_AreResolved(string text, string value, string precision)
    {
        var date = Assert.Single(TextAnalysis.Of(text, Now).Dates);
        Assert.Equal((DateTimeOffset.Parse(value, System.Globalization.CultureInfo.InvariantCulture), precision), (date.Value, date.Precision));
        Assert.Equal(date.Text, text[date.Start..date.End]);
    }

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("42/42/2027")]
    [InlineData("Das Haus steht hier in der Straße und nicht dort")]
    [InlineData("version 2026-13-01")]
    [InlineData("1999")]
    public void Dates_ThatAreNone_AreNotFound(string text) => Assert.Empty(TextAnalysis.Of(text, Now).Dates);

    [Fact]
    public void Dates_AnyDay_IsFoundInEveryWayItIsWritten() =>
        Gen.Date[new DateTime(1900, 1, 1), new DateTime(2100, 12, 31)].Sample(static day =>
        {
            var english = System.Globalization.CultureInfo.InvariantCulture;
            string[] written = [day.ToString("yyyy-MM-dd", english), day.ToString("d MMMM yyyy", english), day.ToString("MMMM d, yyyy", english), day.ToString("d.M.yyyy", english)];
            return written.All(text => TextAnalysis.Of($"We met ({text}) in the old house.", Now).Dates is [var found] && found.Value.UtcDateTime.Date == day.Date && found.Text == text);
        }, iter: 200);

    [Theory]
    [InlineData("Please pay $1,250.50 today", "money", "1250.50", "USD")]
    [InlineData("Bitte zahlen Sie heute noch 1.234,50 € an uns", "money", "1234.50", "EUR")]
    [InlineData("It cost 3.5 million euros", "money", "3500000", "EUR")]
    [InlineData("The trip is 350 km long", "quantity", "350", "km")]
    [InlineData("It was -5 °C outside", "quantity", "-5", "°C")]
    [InlineData("That is 20% more", "percentage", "20", "%")]
    [InlineData("There are 12,345 of them", "number", "12345", null)]
    [InlineData("Das sind 12.345 davon, und es ist nicht zu viel", "number", "12345", null)]
    public void Amounts_InTheWayOfTheirLanguage_AreRead(string text, string kind, string value, string? unit)
    {
        var entity = Assert.Single(TextAnalysis.Of(text, Now).Entities);
        Assert.Equal((kind, decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), unit), (entity.Kind, entity.Value!.Value, entity.Unit));
        Assert.Equal(entity.Text, text[entity.Start..entity.End]);
    }

    [Theory]
    [InlineData("I met Ada Lovelace there", "person", "Ada Lovelace")]
    [InlineData("He lives in New York now", "place", "New York")]
    [InlineData("She works for Acme Widgets Ltd now", "organization", "Acme Widgets Ltd")]
    [InlineData("write to ada@example.com please", "email", "ada@example.com")]
    [InlineData("see https://example.com/a?b=1, please", "url", "https://example.com/a?b=1")]
    [InlineData("call +44 20 7946 0958 please", "phone", "+44 20 7946 0958")]
    public void Names_AndAddresses_AreFound(string text, string kind, string found) =>
        Assert.Equal((kind, found), Assert.Single(TextAnalysis.Of(text, Now).Entities.Select(static entity => (entity.Kind, entity.Text))));

    [Fact]
    public void Structure_OfMarkdown_IsRead()
    {
        var structure = TextAnalysis.Of("# Plan\n\nIs it late? Yes.\n\n- one\n2. two\n\n```python\nx = 1\n# not a heading\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nTitle\n=====\n", Now).Structure;

        Assert.Equal([new TextHeading(1, "Plan", 1), new TextHeading(1, "Title", 18)], structure.Headings);
        Assert.Equal(2, structure.ListItems);
        Assert.Equal(new CodeBlock("python", 8, 2), Assert.Single(structure.CodeBlocks));
        Assert.Equal(new TextTable(13, 2, 2), Assert.Single(structure.Tables));
        Assert.Equal("Is it late?", Assert.Single(structure.Questions));
    }

    [Fact]
    public void Analysis_OfAnyText_KeepsItsPlacesInsideTheText() =>
        Gen.OneOf(Gen.String[Gen.Char, 0, 60], Gen.Int[0, Words.Length - 1].Select(static i => Words[i])).Array[0, 12].Sample(static pieces =>
        {
            var text = string.Join(' ', pieces);
            var facts = TextAnalysis.Of(text, Now);
            return facts.Entities.All(each => text[each.Start..each.End] == each.Text) && facts.Dates.All(each => text[each.Start..each.End] == each.Text)
                && facts.Dates.Zip(facts.Dates.Skip(1)).All(static pair => pair.First.End <= pair.Second.Start);
        }, iter: 2_000);
}
