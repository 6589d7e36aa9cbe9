namespace AgentSystem.Runtime.Tools.Clock;

/// <summary>Places people ask for that the zone database does not name. One line per zone; names are compared without case and accents.</summary>
internal static class Cities
{
    private const string Table = """
        Africa/Cairo: Alexandria, Giza
        Africa/Casablanca: Marrakesh, Rabat, Fes
        Africa/Johannesburg: Cape Town, Durban, Pretoria
        Africa/Lagos: Abuja, Kano
        Africa/Nairobi: Mombasa
        America/Argentina/Buenos_Aires: Mar del Plata
        America/Bogota: Medellin, Cali, Cartagena
        America/Chicago: Dallas, Houston, Austin, San Antonio, New Orleans, Minneapolis, Milwaukee, Nashville, Memphis, Kansas City, St Louis, Illinois
        America/Denver: Salt Lake City, Albuquerque, Colorado
        America/Edmonton: Calgary
        America/Havana: Santiago de Cuba
        America/Lima: Cusco
        America/Los_Angeles: San Francisco, Seattle, San Diego, Las Vegas, San Jose California, Sacramento, Silicon Valley, California
        America/New_York: Washington, Washington DC, Boston, Philadelphia, Miami, Atlanta, Orlando, Baltimore, Pittsburgh, Cleveland, Charlotte, NYC, New York City, Brooklyn, Manhattan
        America/Sao_Paulo: Rio de Janeiro, Rio, Brasilia, Belo Horizonte, Porto Alegre
        America/Toronto: Ottawa, Montreal, Quebec
        America/Vancouver: Victoria BC, British Columbia
        Asia/Dubai: Abu Dhabi, UAE, Emirates
        Asia/Ho_Chi_Minh: Hanoi, Saigon, Da Nang
        Asia/Jerusalem: Tel Aviv, Haifa
        Asia/Karachi: Lahore, Islamabad, Rawalpindi
        Asia/Kolkata: Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Ahmedabad
        Asia/Manila: Cebu, Quezon City
        Asia/Riyadh: Jeddah, Mecca, Medina
        Asia/Seoul: Busan, South Korea, Korea
        Asia/Pyongyang: North Korea
        Asia/Shanghai: Beijing, Shenzhen, Guangzhou, Chengdu, Wuhan, Hangzhou, Tianjin, Nanjing, Chongqing, China
        Asia/Tokyo: Osaka, Kyoto, Nagoya, Yokohama, Sapporo, Fukuoka, Hiroshima
        Australia/Brisbane: Gold Coast, Queensland
        Australia/Sydney: Canberra, New South Wales
        Europe/Amsterdam: Rotterdam, The Hague, Utrecht, Eindhoven, Holland
        Europe/Athens: Thessaloniki
        Europe/Berlin: Munich, Muenchen, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Düsseldorf, Dusseldorf, Leipzig, Dresden, Germany
        Europe/Brussels: Antwerp, Ghent, Bruges
        Europe/Bucharest: Cluj, Timisoara
        Europe/Copenhagen: Aarhus
        Europe/Dublin: Cork, Galway
        Europe/Istanbul: Ankara, Izmir, Antalya
        Europe/Kyiv: Lviv, Odesa, Odessa, Kharkiv
        Europe/Lisbon: Porto
        Europe/London: Manchester, Liverpool, Edinburgh, Glasgow, Cardiff, Bristol, Leeds, Cambridge, Oxford, England, Scotland, Wales, Great Britain, United Kingdom
        Europe/Madrid: Barcelona, Valencia, Seville, Sevilla, Malaga, Bilbao
        Europe/Oslo: Bergen, Trondheim
        Europe/Paris: Lyon, Marseille, Nice, Toulouse, Bordeaux, Strasbourg, Lille, Nantes
        Europe/Prague: Brno, Czechia
        Europe/Rome: Milan, Milano, Naples, Napoli, Turin, Venice, Florence, Bologna, Palermo
        Europe/Stockholm: Gothenburg, Göteborg, Malmo
        Europe/Vienna: Salzburg, Graz, Innsbruck
        Europe/Warsaw: Krakow, Gdansk, Wroclaw, Poznan
        Europe/Zurich: Geneva, Genève, Bern, Basel, Lausanne
        Africa/Abidjan: Ivory Coast
        Pacific/Auckland: Wellington, Christchurch, Queenstown
        Pacific/Honolulu: Hawaii, Maui
        """;

    /// <summary>Countries of many zones under the names people use; the value is the country's code.</summary>
    public static IReadOnlyList<(string Name, string CountryCode)> Countries { get; } =
        [("USA", "US"), ("US", "US"), ("U.S.", "US"), ("America", "US"), ("United States of America", "US"), ("UK", "GB"), ("Turkiye", "TR"), ("Congo", "CD"), ("Czech Republic", "CZ")];

    /// <summary>Every place with its zone.</summary>
    public static IEnumerable<(string Name, string Zone)> All =>
        from line in Table.Split('\n')
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        from name in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries)
        select (name, line[..colon]);
}
