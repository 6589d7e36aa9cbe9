using AgentSystem.Runtime.Security.Screening.Decoding;
using AgentSystem.Runtime.Security.Screening.Folding;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>A text with what two models, trained without its cluster, say of it.</summary>
internal sealed record HeldOut(CorpusRow Row, double Request, double Segment, double Harm);

/// <summary>Trains the injection models: examples, five models each with a fifth held out (whose scores set the thresholds), and one with everything, which is written.</summary>
internal sealed class TrainSecurity(string corpus, string phrases, int seed)
{
    private const int Folds = 5;

    private static readonly string[] Files = ["attacks_direct", "attacks_indirect", "benign_ordinary", "benign_hard", "benign_documents", "harmful_requests"];

    private readonly InjectionFeatures features = new();
    private readonly SegmentTies ties = new();

    /// <summary>Trains, and returns the models with what every row got from models that did not know its cluster.</summary>
    public (InjectionModel Model, IReadOnlyList<HeldOut> HeldOut) Train()
    {
        CorpusRow[] rows = [.. Files.SelectMany(file => SecurityCorpus.Read(corpus, file))];
        var clusters = TextClusters.Of([.. rows.Select(static row => row.Payload is { } payload ? row.Text.Replace(payload, "", StringComparison.Ordinal) : row.Text)]);
        int[] folds = [.. clusters.Select(static cluster => Fold(cluster.ToString()))];
        Phrase[] written = [.. TrainingPhrases.Read(phrases, seed)];
        var (requests, segments, harms) = (Requests(rows, folds, written), Segments(rows, folds, written), Harms(rows, folds, written));
        // The last one holds nothing out.
        var models = Enumerable.Range(0, Folds + 1).AsParallel().AsOrdered().Select(fold => fold == Folds ? -1 : fold).Select(fold =>
            new InjectionModel(LogisticTrainer.Train(requests, fold, seed), LogisticTrainer.Train(segments, fold, seed), LogisticTrainer.Train(harms, fold, seed), [])).ToArray();
        var scorers = models.Select(static model => new InjectionScorer(model)).ToArray();
        var heldOut = rows.Select((row, i) =>
        {
            // What was put into a document is held out by its kind, the document itself by its cluster.
            var scores = TextViews.Of(row.Text).Views.Select(scorers[row.File == "attacks_indirect" && row.Payload is not null ? Fold(row.Kind) : folds[i]].Score).ToArray();
            return new HeldOut(row, scores.Max(static score => score.Request), scores.Max(static score => score.Segment), scores.Max(static score => score.Harm));
        }).Concat(written.Select(phrase =>
        {
            var scores = TextViews.Of(phrase.Text).Views.Select(scorers[Fold(phrase.Cluster)].Score).ToArray();
            return new HeldOut(
                new CorpusRow("written", phrase.Text, (phrase.Harmful ? "harm" : phrase.Attack ? "attack" : "benign") + (phrase.InDocument ? "_document" : "_request"), "written", "") { Kind = phrase.Cluster },
                scores.Max(static score => score.Request), scores.Max(static score => score.Segment), scores.Max(static score => score.Harm));
        })).ToArray();
        return (models[^1] with { Thresholds = SecurityThresholds.Of(heldOut) }, heldOut);
    }

    private static int Fold(string name) => (int)(name.Aggregate(2166136261u, static (hash, c) => unchecked((hash ^ c) * 16777619)) >> 8) % Folds;

    // The sentences of a text, each with what it has to do with the others.
    private IEnumerable<(TextSegment Segment, SegmentTie Tie)> Tied(string text)
    {
        var segments = TextSegments.Of(text);
        return segments.Zip(ties.Of(text, segments));
    }

    private List<Example> Requests(CorpusRow[] rows, int[] folds, Phrase[] written)
    {
        var examples = new List<Example>();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row.NeedsContext || (row.File == "attacks_indirect" && row.Payload is not null))
            {
                continue;
            }

            Request(row.Text, row.File.StartsWith("attacks", StringComparison.Ordinal), TrainingWeights.Of(row), folds[i]);
        }

        // Documents are scored by this model, too, so honest ones are examples; attacks in them are the other model's.
        foreach (var phrase in written.Where(static phrase => (!phrase.InDocument || !phrase.Attack) && !phrase.Harmful))
        {
            var weight = phrase.InDocument ? TrainingWeights.DocumentAsRequest : phrase.Attack ? TrainingWeights.AttackRequest : TrainingWeights.HonestRequest;
            Request(phrase.Text, phrase.Attack, weight, Fold(phrase.Cluster));
        }

        return examples;

        void Request(string text, bool attack, float weight, int fold)
        {
            var folded = TextFolder.Fold(text);
            var view = folded.Imitated ?? folded.Text;
            foreach (var (start, length) in InjectionScorer.Windows(view).Take(3))
            {
                examples.Add(new Example([.. InjectionScorer.RequestFeatures(features, view.AsSpan(start, length))], attack, start == 0 ? weight : weight / 3, fold));
            }
        }
    }

    private List<Example> Harms(CorpusRow[] rows, int[] folds, Phrase[] written)
    {
        var examples = new List<Example>();
        for (var i = 0; i < rows.Length; i++)
        {
            // Attacks say nothing about harm: some ask for it, some for a joke.
            if (rows[i].File is "harmful_requests" or "benign_ordinary" or "benign_hard")
            {
                Add(rows[i].Text, rows[i].File == "harmful_requests", rows[i].Class == "hard_negative_content" ? 3f : 1f, folds[i]);
            }
        }

        foreach (var phrase in written.Where(static phrase => !phrase.Attack && !phrase.InDocument))
        {
            Add(phrase.Text, phrase.Harmful, phrase.Harmful ? TrainingWeights.Harmful : TrainingWeights.Harmless, Fold(phrase.Cluster));
        }

        return examples;

        void Add(string text, bool attack, float weight, int fold)
        {
            var view = TextFolder.Fold(text).Text;
            examples.Add(new Example([.. InjectionScorer.RequestFeatures(features, view.AsSpan(0, Math.Min(InjectionScorer.Window, view.Length)))], attack, weight, fold));
        }
    }

    private List<Example> Segments(CorpusRow[] rows, int[] folds, Phrase[] written)
    {
        var examples = new List<Example>();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row.File is "benign_documents" or "attacks_indirect")
            {
                Document(row, folds[i]);
            }
            else if (row.File == "attacks_direct" && !row.NeedsContext)
            {
                Marked(row.Text, folds[i], TrainingWeights.MarkedRequest);
            }
        }

        // Of the page an attack is put into, the example holds only what its lines have to do with the attack.
        Phrase[] pages = [.. written.Where(static phrase => phrase.IsPage)];
        var chance = new Random(seed);
        foreach (var phrase in written)
        {
            var fold = Fold(phrase.Cluster);
            if (phrase.IsPage)
            {
                Page(phrase.Text, fold);
                Bag(phrase.Text, attack: false, TrainingWeights.PageBag, fold);
            }
            else if (phrase.HidesAttack)
            {
                Bag(phrase.Text, attack: true, TrainingWeights.AttackBag, fold);
                continue;
            }
            else if ((phrase.InDocument || phrase.Attack) && !phrase.Harmful)
            {
                // A request to an assistant has no place in a document, so honest ones are no examples of what belongs there.
                var weight = !phrase.Attack ? TrainingWeights.HonestSentence : phrase.InDocument ? TrainingWeights.AttackSentence : TrainingWeights.RequestAsSentence;
                Whole(phrase.Text, phrase.Attack, weight, fold);
            }

            if (phrase is { Attack: true, InDocument: true })
            {
                Inserted(pages[chance.Next(pages.Length)].Text.Split('\n'), phrase.Text, fold);
            }
        }

        return examples;

        void Document(CorpusRow row, int fold)
        {
            var text = TextFolder.Fold(row.Text).Text;
            if (row.File == "attacks_indirect" && row.Payload is null)
            {
                Marked(row.Text, fold, TrainingWeights.MarkedDocument);
                return;
            }

            var payload = row.Payload is { } put ? TextFolder.Fold(put).Text.Trim() : "";
            var at = payload.Length == 0 ? -1 : text.IndexOf(payload, StringComparison.Ordinal);
            var sentence = at < 0 ? 0 : Math.Min(payload.Length, payload.IndexOf('\n', StringComparison.Ordinal) is > 0 and var line ? line : payload.Length);
            foreach (var (segment, tie) in Tied(text))
            {
                var put2 = at >= 0 && segment.Start < at + sentence && at < segment.Start + segment.Length;
                var inside = at >= 0 && segment.Start < at + payload.Length && at < segment.Start + segment.Length;
                if (put2 || !inside)
                {
                    Add(InjectionScorer.SegmentFeatures(features, text, segment, tie), put2, put2 ? row.Weak ? TrainingWeights.WeakPayload : TrainingWeights.Payload : TrainingWeights.Sentence, put2 ? Fold(row.Kind) : fold);
                }
            }
        }

        // A page of ours: every sentence of it belongs where it stands.
        void Page(string original, int fold)
        {
            var text = TextFolder.Fold(original).Text;
            foreach (var (segment, tie) in Tied(text))
            {
                Add(InjectionScorer.SegmentFeatures(features, text, segment, tie), false, TrainingWeights.PageSentence, fold);
            }
        }

        // An attack put between two lines of a page: its first sentence, in the place it has there.
        void Inserted(string[] lines, string attack, int fold)
        {
            var line = chance.Next(lines.Length + 1);
            var before = string.Concat(lines.Take(line).Select(static each => each + "\n"));
            var text = TextFolder.Fold(before + attack + "\n" + string.Join('\n', lines.Skip(line))).Text;
            var (at, length) = (TextFolder.Fold(before).Text.Length, TextFolder.Fold(attack).Text.Length);
            foreach (var (segment, tie) in Tied(text).Where(each => each.Segment.Start <= at && at < each.Segment.Start + each.Segment.Length && length > 0))
            {
                Add(InjectionScorer.SegmentFeatures(features, text, segment, tie), true, TrainingWeights.InsertedSentence, fold);
            }
        }

        // Which sentence of these attacks is the injection is not labelled: those in which a rule holds are.
        void Marked(string original, int fold, float weight)
        {
            var text = TextFolder.Fold(original).Text;
            foreach (var (segment, tie) in Tied(text))
            {
                if (InjectionRules.Find(text.AsSpan(segment.Start, segment.Length)).Rules.Count > 0)
                {
                    Add(InjectionScorer.SegmentFeatures(features, text, segment, tie), true, weight, fold);
                }
            }
        }

        // One of these sentences is an attack, or none is: the trainer takes the one that looks most like it.
        void Bag(string original, bool attack, float weight, int fold)
        {
            var text = TextFolder.Fold(original).Text;
            examples.Add(new Example([], attack, weight, fold) { Parts = [.. Tied(text).Select(each => InjectionScorer.SegmentFeatures(features, text, each.Segment, each.Tie).ToArray())] });
        }

        void Whole(string original, bool attack, float weight, int fold)
        {
            var text = TextFolder.Fold(original).Text;
            foreach (var (segment, tie) in Tied(text))
            {
                if (!attack || segment.Place.HasFlag(SegmentPlace.First))
                {
                    Add(InjectionScorer.SegmentFeatures(features, text, segment with { Place = SegmentPlace.None }, tie), attack, weight, fold);
                }
            }
        }

        void Add(IReadOnlyList<int> found, bool attack, float weight, int fold) => examples.Add(new Example([.. found], attack, weight, fold));
    }
}
