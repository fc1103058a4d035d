// SPDX-License-Identifier: GPL-3.0-or-later
// One document in one memory: writing, planting and moving against writing everything anew.
#include "core/recall/DocumentMemory.h"
#include "tests/support/ToyModel.h"

#include <QTest>

using namespace hayloft;

namespace {

const std::string kText = "The harbour master kept two ledgers. One was for the ships; the other was for the weather.  \"Which do you "
                          "trust?\" asked Ines. He laughed.\n\nIn 1893 the tide gauge stopped. A letter of nine pages went to the "
                          "ministry.\n\n바다는 조용했다. 등대지기는 밤마다 불을 켰다.\nThe house was cold. It stood by the water.";
const std::string kNeedle = "The pass key is 4471.";

MemorySettings settings(KeyMemoryKind kind, KeyKind keys = KeyKind::Prefix)
{
    MemorySettings memory;
    memory.keyMemory = kind;
    memory.keys = keys;
    memory.rows = 5;
    return memory;
}

/// Segments tile the text, and the memory holds exactly what writing these segments one by one gives.
void verifyState(const DocumentMemory& document, const ToyModel& model)
{
    const std::string& text = *document.text();
    std::size_t end = 0;
    std::int64_t tokens = 0;
    Index written = 0;
    std::map<Index, std::pair<Eigen::RowVectorXd, Index>> sums;
    for (std::size_t i = 0; i < document.segments().size(); ++i) {
        const auto& segment = document.segments()[i];
        QCOMPARE(segment.begin, end);
        QVERIFY(segment.end > segment.begin);
        end = segment.end;
        tokens += segment.tokens;
        if (segment.tokens == 0)
            continue;
        QVERIFY(segment.row >= 0);
        ++written;
        const auto content = document.segmentText(Index(i));
        QVERIFY(text.substr(segment.begin, segment.end - segment.begin).find(content) != std::string::npos);
        const RowVector z = model.encode({model.tokenizer().encode(content)}).row(0);
        QCOMPARE(document.latent(Index(i)), z);
        auto& [sum, count] = sums.try_emplace(segment.row, Eigen::RowVectorXd::Zero(z.size()), 0).first->second;
        sum += z.cast<double>();
        ++count;
    }
    QCOMPARE(end, text.size());
    QCOMPARE(document.tokens(), tokens);
    QCOMPARE(document.memory().segments(), written);
    for (Index row = 0; row < document.memory().rows(); ++row) {
        const auto found = sums.find(row);
        QCOMPARE(document.memory().count(row), found == sums.end() ? 0 : found->second.second);
        QCOMPARE(Index(document.segmentsOnRow(row).size()), document.memory().count(row));
        if (found != sums.end())
            QVERIFY((document.memory().row(row).cast<double>() - found->second.first / double(found->second.second)).cwiseAbs().maxCoeff() < 1e-6);
        else
            QCOMPARE(document.memory().rowNorm(row), 0.0f);
    }
}

} // namespace

class TestDocumentMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesAndAnswers();
    void needleMovesExactly_data();
    void needleMovesExactly();
    void onlyTheNeedleIsEncoded();
    void slowMotionGivesTheSameMemory();
    void goesOnAfterCancelling();
    void latentsCanBeKeptAsFloat16();
    void settingsCanChange();
    void questionsReadSeveralRows();
    void answersGoOnInTheNextSegment();
    void whatIsNotThereIsSaidToBeAbsent();
    void assembledTrialsLoad();
    void badInputIsRefused();
};

void TestDocumentMemory::writesAndAnswers()
{
    const ToyModel model;
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow));
    document.segment();
    QVERIFY(!document.complete());
    QVERIFY_EXCEPTION_THROWN(document.ask("The house"), Error);
    QVERIFY_EXCEPTION_THROWN(document.latent(0), Error);
    Index reported = 0;
    document.write({}, [&](Index segment) { reported = segment; });
    QCOMPARE(reported, Index(document.segments().size()));
    QVERIFY(document.complete());
    verifyState(document, model);
    const auto answer = document.ask("The house was cold");
    QCOMPARE(answer.text(), std::string("The house was cold."));
    QCOMPARE(document.segmentText(document.segmentsOnRow(answer.reading.row).front()), answer.text());
    QCOMPARE(answer.reading.distance, 0.0f);
    QCOMPARE(document.decodeLatent(answer.reading.latent).text, answer.text());
}

void TestDocumentMemory::needleMovesExactly_data()
{
    QTest::addColumn<bool>("grow");
    QTest::addColumn<bool>("prefix");
    QTest::addColumn<bool>("inside");
    QTest::addColumn<int>("kind");
    for (int i = 0; i < 24; ++i)
        QTest::addRow("%d", i) << bool(i & 1) << bool(i & 2) << bool(i & 4) << i / 8;
}

void TestDocumentMemory::needleMovesExactly()
{
    QFETCH(bool, grow);
    QFETCH(bool, prefix);
    QFETCH(bool, inside);
    QFETCH(int, kind);
    const ToyModel model;
    const auto placement = inside ? Placement::Inside : Placement::Boundary;
    DocumentMemory document(model, kText, {SegmenterKind(kind), 40},
                            settings(grow ? KeyMemoryKind::Grow : KeyMemoryKind::Fixed, prefix ? KeyKind::Prefix : KeyKind::Whole));
    document.segment();
    document.write();
    const Matrix before = document.memory().matrix();
    Random random(5);
    for (int i = 0; i < 30; ++i) {
        const double depth = i == 0 ? 0 : i == 1 ? 100 : 100 * random.uniform();
        if (i % 2 == 0)
            document.plant(kNeedle, depth, placement);
        else
            document.moveNeedle(depth);
        verifyState(document, model);
        const auto& needle = *document.needle();
        QCOMPARE(document.text()->substr(needle.begin, needle.end - needle.begin), kNeedle);
        QVERIFY(document.segments()[std::size_t(needle.firstSegment)].needle);
        QVERIFY(document.segments()[std::size_t(needle.firstSegment)].begin <= needle.begin);
        QCOMPARE(document.segmentText(needle.firstSegment), kNeedle);
        std::int64_t position = 0;
        for (Index s = 0; s < needle.firstSegment; ++s)
            position += document.segments()[std::size_t(s)].tokens;
        QCOMPARE(needle.tokenPosition, position);
        if (!inside) {
            QVERIFY(needle.depthAchieved <= depth + 1e-6);
            QCOMPARE(document.previewDepth(depth).first, needle.depthAchieved);
            QCOMPARE(document.previewDepth(depth).second, needle.tokenPosition);
        }
        if (grow && prefix)
            QCOMPARE(document.ask("The pass key is").text(), kNeedle);
    }
    document.removeNeedle();
    QVERIFY(!document.needle());
    QCOMPARE(*document.text(), kText);
    verifyState(document, model);
    if (!grow)
        QVERIFY((document.memory().matrix() - before).cwiseAbs().maxCoeff() < 1e-6f);
}

void TestDocumentMemory::onlyTheNeedleIsEncoded()
{
    const ToyModel model;
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow));
    document.segment();
    document.write();
    auto encoded = model.tokensEncoded();
    document.plant(kNeedle, 50);
    const auto needleTokens = std::int64_t(model.tokenizer().encode(kNeedle).size());
    QCOMPARE(model.tokensEncoded() - encoded, needleTokens + 4);
    encoded = model.tokensEncoded();
    document.moveNeedle(80);
    document.removeNeedle();
    QCOMPARE(model.tokensEncoded(), encoded);
}

void TestDocumentMemory::slowMotionGivesTheSameMemory()
{
    const ToyModel model;
    for (auto kind : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed}) {
        DocumentMemory fast(model, kText, {}, settings(kind)), slow(model, kText, {}, settings(kind));
        fast.segment();
        fast.write();
        slow.segment();
        Index last = -1;
        while (const auto report = slow.writeNext()) {
            QVERIFY(report->segment > last);
            last = report->segment;
            QCOMPARE(slow.memory().count(report->row), report->countBefore + 1);
            QCOMPARE(slow.memory().rowNorm(report->row), report->normAfter);
            QCOMPARE(report->countBefore == 0, report->normBefore == 0.0f);
            QVERIFY(kind == KeyMemoryKind::Fixed ? report->distance > 0 : report->distance == 0.0f);
            const auto whole = report->keyText.substr(0, report->keyText.find("\xEF\xBF\xBD")); // P tokens may end inside a character
            QVERIFY(!whole.empty() && slow.segmentText(last).rfind(whole, 0) == 0);
        }
        QVERIFY(slow.complete());
        QCOMPARE(Matrix(slow.memory().matrix()), Matrix(fast.memory().matrix()));
    }
}

void TestDocumentMemory::goesOnAfterCancelling()
{
    const ToyModel model;
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "The boat number " + std::to_string(i) + " lay at the pier for " + std::to_string(i * i) + " days. ";
    DocumentMemory document(model, text, {}, settings(KeyMemoryKind::Grow));
    document.segment();
    std::stop_source stop;
    QVERIFY_EXCEPTION_THROWN(document.write({stop.get_token(), {}}, [&](Index) { stop.request_stop(); }), Cancelled);
    QVERIFY(!document.complete());
    QVERIFY(document.memory().segments() > 0);
    document.plant(kNeedle, 10); // waits for the rest
    QVERIFY(!document.complete());
    document.write();
    verifyState(document, model);
    QCOMPARE(document.ask("The pass key is").text(), kNeedle);
}

void TestDocumentMemory::latentsCanBeKeptAsFloat16()
{
    const ToyModel model;
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow));
    document.segment();
    document.write();
    const RowVector exact = document.latent(2);
    auto halves = settings(KeyMemoryKind::Grow);
    halves.latents = LatentFormat::Float16;
    document.setMemory(halves);
    QVERIFY_EXCEPTION_THROWN(document.latent(2), Error); // encoded anew
    document.write();
    document.plant(kNeedle, 40, Placement::Inside);
    document.moveNeedle(70);
    QCOMPARE(document.latent(2), RowVector(exact.cast<Eigen::half>().cast<float>()));
    QVERIFY(document.latent(2) != exact);
    QCOMPARE(RowVector(document.memory().row(document.segments()[2].row)), document.latent(2));
    QCOMPARE(document.ask("The pass key is").text(), kNeedle);
    document.setMemory(settings(KeyMemoryKind::Grow));
    document.write();
    document.removeNeedle();
    verifyState(document, model);
    halves.addressing = Addressing::PseudoInverse;
    halves.keyMemory = KeyMemoryKind::Fixed;
    QVERIFY_EXCEPTION_THROWN(document.setMemory(halves), Error);
    verifyState(document, model);
}

void TestDocumentMemory::settingsCanChange()
{
    const ToyModel model;
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow));
    document.segment();
    document.write();
    document.plant(kNeedle, 40, Placement::Inside);
    const auto encoded = model.tokensEncoded();
    document.setMemory(settings(KeyMemoryKind::Fixed, KeyKind::Whole));
    QVERIFY(!document.complete());
    QCOMPARE(document.segments().front().row, Index(-1));
    document.write();
    QCOMPARE(model.tokensEncoded(), encoded); // whole keys are the latents that are there
    verifyState(document, model);
    auto longer = settings(KeyMemoryKind::Grow);
    longer.prefixTokens = 6;
    document.setMemory(longer);
    document.write();
    QCOMPARE(document.prefixTokens(), 6);
    QVERIFY(document.ask("The pass key is").keyShorterThanP);
    document.removeNeedle();
    verifyState(document, model);
    QCOMPARE(*document.text(), kText);
}

void TestDocumentMemory::questionsReadSeveralRows()
{
    ToyModel model;
    model.giveContentKeys();
    const std::string first = "One of the special magic numbers for late-fog is: 1111111.", second = "One of the special magic numbers for late-fog is: 2222222.";
    DocumentMemory document(model, kText + " " + first + " " + kText + " " + second + " " + kText, {}, settings(KeyMemoryKind::Grow, KeyKind::Content));
    document.segment();
    document.write();
    const auto all = document.ask("What are all the special magic numbers for late-fog mentioned in the provided text?");
    QCOMPARE(all.answers.size(), std::size_t(2));
    QCOMPARE(all.text(), first + "\n" + second);
    for (const ReadAnswer& answer : all.answers) {
        QCOMPARE(document.segmentText(document.segmentsOnRow(answer.row).front()), answer.text);
        QCOMPARE(answer.distance, exactDistance(document.memory().keyRow(answer.row), model.contentKeys()->encode({answer.query}, KeySide::Read).row(0)));
        QCOMPARE(answer.decoded.size(), std::size_t(1));
        QVERIFY(!answer.matches.empty());
    }
    // One is asked for, one is read; and prefix keys never read more than one.
    QCOMPARE(document.ask("What is the special magic number for late-fog?").answers.size(), std::size_t(1));
    document.setMemory(settings(KeyMemoryKind::Grow));
    document.write();
    QCOMPARE(document.ask("What are all the special magic numbers for late-fog?").answers.size(), std::size_t(1));
}

void TestDocumentMemory::answersGoOnInTheNextSegment()
{
    ToyModel model;
    model.giveContentKeys();
    const std::string planted = "The vault of the harbour master opens with four words and they are candle anchor herring lantern.";
    SegmenterOptions segmenter;
    segmenter.maxTokens = int(model.tokenizer().encode(planted).size()) / 2 + 1;
    DocumentMemory document(model, kText, segmenter, settings(KeyMemoryKind::Grow, KeyKind::Content));
    document.segment();
    document.plant(planted, 50);
    document.write();
    QCOMPARE(document.needle()->segmentCount, Index(2));
    const auto answer = document.ask("How many words open the vault of the harbour master?");
    QCOMPARE(answer.text(), planted);
    QCOMPARE(answer.first().followed.size(), std::size_t(1));
    QCOMPARE(answer.first().decoded.size(), std::size_t(2));
    const auto& segments = document.segments();
    QCOMPARE(answer.first().row, segments[std::size_t(document.needle()->firstSegment)].row);
    QCOMPARE(answer.first().followed.front(), segments[std::size_t(document.needle()->firstSegment + 1)].row);
    // The order is kept when the needle moves: the text itself is never looked at.
    document.moveNeedle(0);
    QCOMPARE(document.ask("How many words open the vault of the harbour master?").text(), planted);
}

void TestDocumentMemory::whatIsNotThereIsSaidToBeAbsent()
{
    ToyModel model;
    model.giveContentKeys({-0.6f, 1, 0}); // 60% of the question's words
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow, KeyKind::Content));
    document.segment();
    document.write();
    QVERIFY(!document.ask("Who kept two ledgers, the harbour master?").absent());
    const auto absent = document.ask("Who painted the ceiling of the harbour chapel?");
    QVERIFY(absent.absent());
    QVERIFY(!absent.text().empty()); // what lay nearest is told all the same
    model.giveContentKeys();
    QVERIFY(!document.ask("Who painted the ceiling of the harbour chapel?").absent()); // not calibrated
}

void TestDocumentMemory::assembledTrialsLoad()
{
    const ToyModel model;
    SweepPlan plan;
    for (auto placement : {Placement::Boundary, Placement::Inside}) {
        plan.task.placement = placement;
        const auto context = assembleTrial(plan, documentFromText(kText, "x"), model.tokenizer(), 300, 50, 1);
        DocumentMemory document(model, context.text, plan.segmenter, plan.memory);
        document.segment({}, context.restarts);
        document.write();
        document.markNeedle(context.needleBegin, context.needleEnd, 50, context.depthAchieved);
        verifyState(document, model);
        QCOMPARE(document.tokens(), context.lengthAchieved);
        QCOMPARE(document.needle()->segmentCount, Index(3));
        QCOMPARE(document.segmentText(document.needle()->firstSegment), "The pass key is " + context.needle.expected + ".");
        QCOMPARE(document.ask(context.needle.prefix).text(), "The pass key is " + context.needle.expected + ".");
        QVERIFY_EXCEPTION_THROWN(document.moveNeedle(10), Error);
    }
}

void TestDocumentMemory::badInputIsRefused()
{
    const ToyModel model;
    DocumentMemory document(model, kText, {}, settings(KeyMemoryKind::Grow));
    QVERIFY_EXCEPTION_THROWN(document.plant(kNeedle, 10), Error);
    document.segment();
    QVERIFY_EXCEPTION_THROWN(document.plant(" \n", 10), Error);
    QVERIFY_EXCEPTION_THROWN(document.plant(kNeedle, -1), Error);
    QVERIFY_EXCEPTION_THROWN(document.plant(kNeedle, 101), Error);
    QVERIFY_EXCEPTION_THROWN(document.moveNeedle(10), Error);
    auto bad = settings(KeyMemoryKind::Fixed);
    bad.rows = 0;
    QVERIFY_EXCEPTION_THROWN(document.setMemory(bad), Error);
    QVERIFY_EXCEPTION_THROWN(DocumentMemory(model, kText, {SegmenterKind::Sentence, 65}, {}), Error);
}

QTEST_GUILESS_MAIN(TestDocumentMemory)
#include "tst_documentmemory.moc"
