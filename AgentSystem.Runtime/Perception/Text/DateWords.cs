namespace AgentSystem.Runtime.Perception.Text;

/// <summary>What days, months and stretches of time are called in English, German, French and Spanish. All in lower case.</summary>
internal static class DateWords
{
    /// <summary>A word for a month, as an alternation.</summary>
    public static string MonthPattern => Alternation(Months.Keys);

    public static string UnitPattern => Alternation(Units.Keys);

    public static string WeekdayPattern => Alternation(Weekdays.Keys);

    public static string DayPattern => Alternation(Days.Keys);

    public static string CountPattern => @"\d{1,4}|" + Alternation(Counts.Keys);

    public static IReadOnlyDictionary<string, int> Months => MonthsByName.Value;

    /// <summary>Days from today.</summary>
    public static IReadOnlyDictionary<string, int> Days => DaysByName.Value;

    public static IReadOnlyDictionary<string, DayOfWeek> Weekdays => WeekdaysByName.Value;

    public static IReadOnlyDictionary<string, TimeUnit> Units => UnitsByName.Value;

    public static IReadOnlyDictionary<string, int> Counts => CountsByName.Value;

    private static readonly Lazy<Dictionary<string, int>> MonthsByName = new(static () => Table(
        (1, "january jan januar jänner janvier janv enero ene"), (2, "february feb februar février fevrier févr febrero"), (3, "march mar märz maerz mars marzo"),
        (4, "april apr avril avr abril abr"), (5, "may mai mayo"), (6, "june jun juni juin junio"), (7, "july jul juli juillet juil julio"), (8, "august aug août aout agosto ago"),
        (9, "september sept sep septembre septiembre"), (10, "october oct oktober okt octobre octubre"), (11, "november nov novembre noviembre"),
        (12, "december dec dezember dez décembre decembre déc diciembre dic")));

    private static readonly Lazy<Dictionary<string, int>> DaysByName = new(static () => Table(
        (0, "today heute aujourd'hui aujourd’hui hoy tonight"), (1, "tomorrow morgen demain mañana"), (-1, "yesterday gestern hier ayer"),
        (2, "day_after_tomorrow übermorgen après-demain pasado_mañana"), (-2, "day_before_yesterday vorgestern avant-hier anteayer")));

    private static readonly Lazy<Dictionary<string, DayOfWeek>> WeekdaysByName = new(static () => Table(
        (DayOfWeek.Monday, "monday montag lundi lunes"), (DayOfWeek.Tuesday, "tuesday dienstag mardi martes"), (DayOfWeek.Wednesday, "wednesday mittwoch mercredi miércoles"),
        (DayOfWeek.Thursday, "thursday donnerstag jeudi jueves"), (DayOfWeek.Friday, "friday freitag vendredi viernes"), (DayOfWeek.Saturday, "saturday samstag sonnabend samedi sábado"),
        (DayOfWeek.Sunday, "sunday sonntag dimanche domingo")));

    private static readonly Lazy<Dictionary<string, TimeUnit>> UnitsByName = new(static () => Table(
        (TimeUnit.Minute, "minute minutes minuten minuto minutos"), (TimeUnit.Hour, "hour hours stunde stunden heure heures hora horas"),
        (TimeUnit.Day, "day days tag tage tagen jour jours día días dia dias"), (TimeUnit.Week, "week weeks woche wochen semaine semaines semana semanas"),
        (TimeUnit.Month, "month months monat monate monaten mois mes meses"), (TimeUnit.Year, "year years jahr jahre jahren an ans année années año años")));

    private static readonly Lazy<Dictionary<string, int>> CountsByName = new(static () => Table(
        (1, "a an one ein eine einem einer einen un une una"), (2, "two zwei deux dos"), (3, "three drei trois tres"), (4, "four vier quatre cuatro"), (5, "five fünf cinq cinco"),
        (6, "six sechs seis"), (7, "seven sieben sept siete"), (8, "eight acht huit ocho"), (9, "nine neun neuf nueve"), (10, "ten zehn dix diez")));

    private static Dictionary<string, T> Table<T>(params (T Value, string Words)[] rows)
    {
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (value, words) in rows)
        {
            foreach (var word in words.Split(' '))
            {
                table.TryAdd(word.Replace('_', ' '), value);
            }
        }

        return table;
    }

    /// <summary>Longest first, so that a name is not taken for its beginning.</summary>
    private static string Alternation(IEnumerable<string> words) =>
        string.Join('|', words.OrderByDescending(static word => word.Length).ThenBy(static word => word, StringComparer.Ordinal).Select(System.Text.RegularExpressions.Regex.Escape));
}

/// <summary>Stretches of time.</summary>
internal enum TimeUnit
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
