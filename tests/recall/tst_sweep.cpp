// SPDX-License-Identifier: GPL-3.0-or-later
// Whole sweeps: recall, failures, controls, cells as they come, cancelling, refusals; and what answers come from.
#include "core/recall/MemoryReader.h"
#include "core/recall/SweepRunner.h"
#include "tests/support/ToyModel.h"

#include <QTest>

#include <set>

using namespace hayloft;

namespace {

Document haystack()
{
    std::string text;
    const char* names[] = {"Ines", "Okafor", "Tomas", "Yuna", "Brigid", "Hale", "Marta", "Odd"};
    for (int i = 0; i < 400; ++i)
        text += std::string(names[i % 8]) + " counted " + std::to_string(i * 7) + " boats at the pier number " + std::to_string(i) + ". ";
    return documentFromText(text, "boats");
}

SweepPlan plan()
{
    SweepPlan plan;
    plan.lengths = {500, 1500};
    plan.depths = {0, 50, 100};
    plan.trials = 5;
    plan.controls = 6;
    plan.seed = 3;
    return plan;
}

int countFailures(const SweepResult& result, Failure failure)
{
    int count = 0;
    for (const auto& cell : result.cells)
        for (const auto& sample : cell.samples)
            count += sample.failure == failure ? 1 : 0;
    return count;
}

int hits(const SweepResult& result)
{
    int count = 0;
    for (const auto& cell : result.cells)
        count += cell.hits;
    return count;
}

} // namespace

class TestSweep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void prefixKeysFindEveryPasskey();
    void onlyWhatIsReadIsEncoded_data();
    void onlyWhatIsReadIsEncoded();
    void pathsGiveTheSameResult();
    void failuresAreExplained();
    void cellsComeAsTheyAreComplete();
    void cancelsAtOnce();
    void progressMayBlock();
    void badPlansAreRefused_data();
    void badPlansAreRefused();
    void answersComeFromTheRowsAlone();
};

void TestSweep::prefixKeysFindEveryPasskey()
{
    const ToyModel model;
    for (int digits : {3, 4, 7}) {
        SweepPlan p = plan();
        p.task.digits = digits;
        const auto result = runSweep(p, haystack(), model);
        QCOMPARE(result.cells.size(), std::size_t(6));
        for (const auto& cell : result.cells) {
            QCOMPARE(cell.trials, 5);
            QCOMPARE(cell.hits, 5);
            QCOMPARE(cell.recall, 1.0);
            QCOMPARE(cell.rougeL, 1.0);
            QCOMPARE(cell.ci95.low, wilson(5, 5).low);
            QVERIFY(std::abs(cell.depthAchieved - cell.depthPercent) < 8);
            QVERIFY(cell.lengthAchieved <= double(cell.lengthTokens) && cell.lengthAchieved > double(cell.lengthTokens) - 64);
            for (const auto& sample : cell.samples) {
                QCOMPARE(sample.readRow, sample.writeRow);
                QCOMPARE(sample.keyDistance, 0.0f);
                QCOMPARE(sample.prefix, std::string("The pass key is"));
                QCOMPARE(sample.answer, "The pass key is " + sample.expected + ".");
                QCOMPARE(int(sample.expected.size()), digits);
            }
        }
        QCOMPARE(result.cells[1].lengthTokens, std::int64_t(500)); // lengths outer, depths inner
        QCOMPARE(result.cells[1].depthPercent, 50.0);
        QCOMPARE(result.controls.trials, 6);
        QCOMPARE(result.controls.falseAnswers, 0);
        QCOMPARE(result.prefixTokens, 4);
        QCOMPARE(result.haystack.source, std::string("boats"));
        QCOMPARE(result.haystack.sha256.size(), std::size_t(64));
        QCOMPARE(result.haystack.repeats, 1.0);
        QVERIFY(result.rows > 50);
        QVERIFY(result.timing.tokensEncoded > 0);
        QVERIFY(result.timing.totalSeconds > 0);
    }
}

void TestSweep::onlyWhatIsReadIsEncoded_data()
{
    QTest::addColumn<KeyMemoryKind>("memory");
    QTest::addColumn<bool>("all");
    QTest::newRow("a row for each segment") << KeyMemoryKind::Grow << false;
    QTest::newRow("few rows, each read whole") << KeyMemoryKind::Fixed << true;
}

// Every token that goes through the network is counted by the model itself.
void TestSweep::onlyWhatIsReadIsEncoded()
{
    QFETCH(KeyMemoryKind, memory);
    QFETCH(bool, all);
    class Counting : public ToyModel {
    public:
        Matrix encode(const std::vector<TokenIds>& sequences, const Task& task) const override
        {
            for (const auto& ids : sequences)
                (ids.size() > 4 ? segments : keys).insert(ids);
            return ToyModel::encode(sequences, task);
        }
        mutable std::set<TokenIds> segments, keys; ///< a key has four tokens at most
    };
    Counting model;
    SweepPlan fast = plan();
    fast.memory.keyMemory = memory;
    fast.memory.rows = 1;
    const auto result = runSweep(fast, haystack(), model);
    std::set<std::string> answers;
    for (const auto& cell : result.cells)
        for (const auto& sample : cell.samples)
            answers.insert(sample.answer);
    QVERIFY(model.keys.size() > 40);
    const auto controls = static_cast<std::size_t>(result.controls.trials);
    if (all) // one row: its mean takes every segment of the context
        QVERIFY(model.segments.size() > 40);
    else
        QVERIFY2(model.segments.size() >= answers.size() && model.segments.size() <= answers.size() + controls,
                 qPrintable(QString("%1 %2").arg(model.segments.size()).arg(answers.size())));
    fast.encodeUnread = true;
    model.segments.clear();
    const auto whole = runSweep(fast, haystack(), model);
    QVERIFY(model.segments.size() > 40);
    QVERIFY(whole.timing.tokensEncoded >= result.timing.tokensEncoded);
    for (std::size_t i = 0; i < whole.cells.size(); ++i)
        for (std::size_t t = 0; t < whole.cells[i].samples.size(); ++t)
            QCOMPARE(whole.cells[i].samples[t].answer, result.cells[i].samples[t].answer);
}

void TestSweep::pathsGiveTheSameResult()
{
    const ToyModel model;
    SweepPlan p = plan();
    p.memory.keyMemory = KeyMemoryKind::Fixed;
    p.memory.rows = 64;
    const auto fast = runSweep(p, haystack(), model);
    p.path = SweepPath::Naive;
    const auto naive = runSweep(p, haystack(), model);
    const auto again = runSweep(p, haystack(), model);
    for (const auto* other : {&naive, &again}) {
        QCOMPARE(other->controls.falseAnswers, fast.controls.falseAnswers);
        QCOMPARE(other->rows, fast.rows);
        for (std::size_t i = 0; i < fast.cells.size(); ++i) {
            QCOMPARE(other->cells[i].hits, fast.cells[i].hits);
            for (std::size_t k = 0; k < fast.cells[i].samples.size(); ++k) {
                const Sample &a = fast.cells[i].samples[k], &b = other->cells[i].samples[k];
                QCOMPARE(a.seed, b.seed);
                QCOMPARE(a.answer, b.answer);
                QCOMPARE(a.readRow, b.readRow);
                QCOMPARE(a.rowSegments, b.rowSegments);
                QCOMPARE(a.failure, b.failure);
            }
        }
    }
    p.seed = 4;
    QVERIFY(runSweep(p, haystack(), model).cells[0].samples[0].expected != fast.cells[0].samples[0].expected);
}

void TestSweep::failuresAreExplained()
{
    const ToyModel model;
    SweepPlan shared = plan();
    shared.memory.keyMemory = KeyMemoryKind::Fixed;
    shared.memory.rows = 1; // one row for all
    const auto crowded = runSweep(shared, haystack(), model);
    QCOMPARE(hits(crowded), 0);
    QCOMPARE(countFailures(crowded, Failure::RowShared), 30);
    SweepPlan whole = plan();
    whole.memory.keys = KeyKind::Whole; // the toy model's question is nowhere near its needle
    const auto result = runSweep(whole, haystack(), model);
    QCOMPARE(hits(result) + countFailures(result, Failure::RowWrong), 30);
    QVERIFY(countFailures(result, Failure::RowWrong) > 0);
    // A decoder that loses the end: right row, not shared, wrong answer.
    class Forgetful : public ToyModel {
    public:
        std::vector<Decoded> decode(const Matrix& latents, const Task& task) const override
        {
            Matrix cut = latents;
            cut.rightCols(cut.cols() - 44).setZero(); // keeps four positions
            return ToyModel::decode(cut, task);
        }
    };
    const Forgetful forgetful;
    const auto cut = runSweep(plan(), haystack(), forgetful);
    QCOMPARE(hits(cut), 0);
    QCOMPARE(countFailures(cut, Failure::DecodeWrong), 30);
    QCOMPARE(cut.controls.falseAnswers, 0);
    // A model that makes passkeys up: controls notice.
    class Inventive : public ToyModel {
    public:
        std::vector<Decoded> decode(const Matrix& latents, const Task& task) const override
        {
            auto decoded = ToyModel::decode(latents, task);
            for (auto& d : decoded)
                d.text = "The pass key is 1234.";
            return decoded;
        }
    };
    QCOMPARE(runSweep(plan(), haystack(), Inventive()).controls.falseAnswers, 6);
}

void TestSweep::cellsComeAsTheyAreComplete()
{
    const ToyModel model;
    SweepPlan p = plan();
    p.trials = 40;
    p.lengths = {500, 600, 700, 800};
    std::vector<std::pair<std::int64_t, double>> seen;
    double lastDone = 0;
    int early = 0;
    Task task;
    task.progress = [&](const Progress& progress) {
        if (progress.phase != "trials")
            return;
        QVERIFY(progress.done >= lastDone && progress.done <= progress.total);
        lastDone = progress.done;
        early += !seen.empty() && progress.done < progress.total ? 1 : 0;
    };
    const auto result = runSweep(p, haystack(), model, task, [&](const Cell& cell) {
        QCOMPARE(cell.trials, int(cell.samples.size()));
        seen.emplace_back(cell.lengthTokens, cell.depthPercent);
    });
    QCOMPARE(seen.size(), result.cells.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
        QCOMPARE(seen[i], std::make_pair(result.cells[i].lengthTokens, result.cells[i].depthPercent));
    QVERIFY(early > 0);
    QCOMPARE(lastDone, double(4 * 3 * 40 + 6));
}

void TestSweep::cancelsAtOnce()
{
    const ToyModel model;
    for (auto path : {SweepPath::Fast, SweepPath::Naive}) {
        SweepPlan p = plan();
        p.path = path;
        std::stop_source stop;
        int cells = 0;
        QVERIFY_EXCEPTION_THROWN(runSweep(p, haystack(), model, {stop.get_token(), {}},
                                          [&](const Cell&) {
                                              ++cells;
                                              stop.request_stop();
                                          }),
                                 Cancelled);
        QVERIFY(cells >= 1 && cells < 6 + (path == SweepPath::Fast));
    }
}

// A pause in the callback is not counted as computing.
void TestSweep::progressMayBlock()
{
    const ToyModel model;
    Task task;
    bool paused = false;
    task.progress = [&](const Progress&) {
        if (!std::exchange(paused, true))
            QTest::qSleep(1500);
    };
    const auto start = std::chrono::steady_clock::now();
    const auto result = runSweep(plan(), haystack(), model, task);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    QVERIFY(paused);
    QVERIFY(result.timing.totalSeconds < wall - 1.4);
}

void TestSweep::badPlansAreRefused_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("word");
    const char* words[] = {"depth", "cells", "trial", "length", "needle", "cut into", "question", "segments of", "rows", "prefix of", "digits"};
    for (int i = 0; i < 11; ++i)
        QTest::addRow("%s", words[i]) << i << QString(words[i]);
}

void TestSweep::badPlansAreRefused()
{
    QFETCH(int, kind);
    QFETCH(QString, word);
    const ToyModel model;
    SweepPlan p = plan();
    switch (kind) {
    case 0: p.depths = {-1}; break;
    case 1: p.lengths = {}; break;
    case 2: p.trials = 0; break;
    case 3: p.lengths = {50}; break;
    case 4: p.task.kind = TaskKind::Needle; break;
    case 5:
        p.task.kind = TaskKind::Needle;
        p.task.needles = {{"The key lies under the third stone. It is red.", "The key lies", "?"}};
        break;
    case 6:
        p.task.kind = TaskKind::Needle;
        p.task.needles = {{"The key lies under the third stone.", "The key lies", ""}};
        p.memory.keys = KeyKind::Whole;
        break;
    case 7: p.segmenter.maxTokens = 65; break;
    case 8:
        p.memory.keyMemory = KeyMemoryKind::Fixed;
        p.memory.rows = 0;
        break;
    case 9: p.memory.prefixTokens = 65; break;
    case 10: p.task.digits = 0; break;
    }
    for (auto path : {SweepPath::Fast, SweepPath::Naive}) {
        p.path = path;
        try {
            runSweep(p, haystack(), model);
            QFAIL("not refused");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(word), error.what());
            QVERIFY(!QString(error.what()).contains('\n'));
        }
    }
}

// Nothing but the rows of M reaches the answer.
void TestSweep::answersComeFromTheRowsAlone()
{
    const ToyModel model;
    const auto& tokenizer = model.tokenizer();
    Memory memory = Memory::growing(model.info().latentSize);
    const char* texts[] = {"The pass key is 4471.", "My house is at the river.", "Ines counted nine boats."};
    const char* prefixes[] = {"The pass key is", "My house is at", "Ines counted"};
    for (int i = 0; i < 3; ++i)
        memory.write(RowVector(model.encode({tokenizer.encode(prefixes[i])}).row(0)), RowVector(model.encode({tokenizer.encode(texts[i])}).row(0)));
    const MemoryReader reader(model, memory, KeyKind::Prefix, 4);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(reader.ask(prefixes[i]).text(), std::string(texts[i]));
    const auto answer = reader.ask("The pass key is hidden somewhere");
    QCOMPARE(answer.keyText, std::string("The pass key is"));
    QVERIFY(!answer.keyShorterThanP);
    QCOMPARE(answer.reading.runnersUp.size(), std::size_t(2));
    QVERIFY(reader.ask("The pass").keyShorterThanP);
    QCOMPARE(reader.ask("The pass").keyTokens, 2);
    // Swapped rows swap the answers.
    const RowVector first = memory.row(0), second = memory.row(1);
    memory.setRow(0, second);
    memory.setRow(1, first);
    QCOMPARE(reader.ask(prefixes[0]).text(), std::string(texts[1]));
    QCOMPARE(reader.ask(prefixes[1]).text(), std::string(texts[0]));
    memory.setRow(1, second);
    // Zeroed, scaled, noisy, mixed.
    Random random(1);
    RowVector noise(first.size());
    for (Index i = 0; i < noise.size(); ++i)
        noise(i) = 3 * float(random.normal());
    for (const RowVector& changed : {RowVector(RowVector::Zero(first.size())), RowVector(0.05f * first), RowVector(first + noise),
                                     RowVector((first + second) / 2)}) {
        memory.setRow(0, changed);
        const auto text = reader.ask(prefixes[0]).text();
        QVERIFY(text.find("4471") == std::string::npos);
        QVERIFY(text != texts[0]);
        QCOMPARE(text, reader.decode(changed).text);
    }
    QVERIFY_EXCEPTION_THROWN(reader.ask("  "), Error);
    QVERIFY_EXCEPTION_THROWN(MemoryReader(model, Memory::growing(768), KeyKind::Prefix, 4).ask("x"), Error);
    std::string longQuestion;
    for (int i = 0; i < 100; ++i)
        longQuestion += "what ";
    QVERIFY_EXCEPTION_THROWN(MemoryReader(model, memory, KeyKind::Whole, 4).ask(longQuestion), Error);
    QCOMPARE(reader.ask(longQuestion).keyTokens, 4);
}

QTEST_GUILESS_MAIN(TestSweep)
#include "tst_sweep.moc"
