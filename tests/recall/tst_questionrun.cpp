// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about whole texts: the answers are a trial's, contexts are written once, latents are not kept for ever.
#include "core/recall/QuestionRun.h"
#include "core/text/Folding.h"
#include "tests/recall/SweepBench.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

constexpr SegmenterOptions kSegmenter {SegmenterKind::Sentence, 60};
const std::string kNote = "The ferry leaves at noon. Ines keeps the brass lantern in the boat house. Nobody came on Tuesday.\n"
                          "The vault code is 80-Gamma-3. A gull cried over the nets.";

MemorySettings settings(KeyKind keys, KeyMemoryKind kind = KeyMemoryKind::Grow)
{
    MemorySettings memory;
    memory.keys = keys;
    memory.keyMemory = kind;
    memory.rows = 40;
    return memory;
}

ReadingRules byQuestion()
{
    ReadingRules rules;
    rules.byQuestion = true;
    return rules;
}

} // namespace

class TestQuestionRun : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersComeFromTheRow();
    void answersAreThoseOfTrials_data();
    void answersAreThoseOfTrials();
    void aContextIsWrittenOnce();
    void sharedSegmentsAreEncodedOnce();
    void emptyOnesAreRefused();
    void canBeCancelled();
    void answersAreComparedFolded();
};

void TestQuestionRun::answersComeFromTheRow()
{
    const ToyModel model = Bench::makeModel();
    QuestionRun run(model, kSegmenter, settings(KeyKind::Content), byQuestion(), 1);
    const TextAnswer lantern = run.ask({kNote, "Where does Ines keep the lantern?", {}});
    QCOMPARE(lantern.text, std::string("Ines keeps the brass lantern in the boat house."));
    QCOMPARE(lantern.reads.size(), std::size_t(1));
    QCOMPARE(lantern.reads.front().row, Index(1));
    QCOMPARE(run.context().memory().segments(), Index(5));
    QVERIFY(run.context().tokens() > 20);
    QuestionRun byPrefix(model, kSegmenter, settings(KeyKind::Prefix), byQuestion(), 1);
    QCOMPARE(byPrefix.ask({kNote, "What is it?", {"The vault code is"}}).text, std::string("The vault code is 80-Gamma-3."));
    QCOMPARE(byPrefix.ask({kNote, "A gull cried", {}}).text, std::string("A gull cried over the nets.")); // no prefix: the question
    QCOMPARE(byPrefix.ask({kNote, "Which?", {"The vault code is", "Nobody came on"}}).text,
             std::string("Nobody came on Tuesday.\nThe vault code is 80-Gamma-3.")); // in the order of the rows
}

void TestQuestionRun::answersAreThoseOfTrials_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (const auto memory : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed}) {
        for (const auto keys : {KeyKind::Content, KeyKind::Floor, KeyKind::Prefix}) {
            for (const auto task : {RulerTask::NiahSingle3, RulerTask::NiahMultivalue, RulerTask::NiahMultiquery}) {
                SweepPlan plan;
                plan.task.kind = TaskKind::Ruler;
                plan.task.ruler = task;
                plan.reading = byQuestion();
                plan.memory = settings(keys, memory);
                plan.memory.prefixTokens = 24;
                plan.segmenter = kSegmenter;
                plan.lengths = {900};
                plan.depths = {0, 50, 100};
                plan.trials = 2;
                QTest::addRow("%s %s %s", nameOf(memory).data(), nameOf(keys).data(), nameOf(task).data()) << plan;
            }
        }
    }
}

// A haystack of lines that are segments of their own, whichever way it is cut.
void TestQuestionRun::answersAreThoseOfTrials()
{
    QFETCH(SweepPlan, plan);
    Bench bench(plan, documentFromText(rulerHaystackText(RulerTask::NiahMultikey2, bundledRulerWords(), 3, 30), "lines"));
    NaiveSweep naive(bench.setup, bench.clock);
    const auto outcomes = bench.run(naive);
    QuestionRun run(bench.model, plan.segmenter, plan.memory, plan.reading, plan.seed);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const TrialNeedle& needle = bench.trials[i].needle;
        TextQuestion question {assemble(bench.pieces, bench.trials[i].layout, needle).text, needle.question, {needle.prefix}};
        question.prefixes.insert(question.prefixes.end(), needle.morePrefixes.begin(), needle.morePrefixes.end());
        const TextAnswer answer = run.ask(question);
        QCOMPARE(answer.text, outcomes[i].answer);
        QCOMPARE(answer.query, outcomes[i].query);
        QCOMPARE(answer.reads.size(), outcomes[i].reads.size());
        for (std::size_t r = 0; r < answer.reads.size(); ++r) {
            QCOMPARE(answer.reads[r].row, outcomes[i].reads[r].row);
            QVERIFY((answer.reads[r].latent - outcomes[i].reads[r].latent).cwiseAbs().maxCoeff() < 1e-5f);
        }
    }
}

void TestQuestionRun::aContextIsWrittenOnce()
{
    const ToyModel model = Bench::makeModel();
    QuestionRun run(model, kSegmenter, settings(KeyKind::Content), byQuestion(), 1);
    run.ask({kNote, "Where does Ines keep the lantern?", {}});
    run.ask({kNote, "When does the ferry leave?", {}});
    QCOMPARE(run.context().writes(), 1);
    const std::string other = "Somebody else keeps a lantern in a drawer.";
    QCOMPARE(run.ask({other, "Where is the lantern?", {}}).text, other);
    QCOMPARE(run.context().writes(), 2);
    QCOMPARE(run.context().memory().segments(), Index(1)); // nothing of the other context is left
    QCOMPARE(run.ask({kNote, "Where does Ines keep the lantern?", {}}).text, std::string("Ines keeps the brass lantern in the boat house."));
}

void TestQuestionRun::sharedSegmentsAreEncodedOnce()
{
    const ToyModel model = Bench::makeModel();
    QuestionRun run(model, kSegmenter, settings(KeyKind::Content), byQuestion(), 1);
    run.ask({kNote, "Where does Ines keep the lantern?", {}});
    const auto encoded = model.tokensEncoded();
    run.ask({"Something new. " + kNote, "Where does Ines keep the lantern?", {}});
    QVERIFY(model.tokensEncoded() - encoded < 12);
    // What is kept has a bound.
    std::string line;
    for (int i = 0; i < 33000; ++i)
        line += "Note " + std::to_string(i) + ".\n";
    run.ask({line, "Which note?", {}});
    run.ask({"Short.", "Which note?", {}});
    const auto before = model.tokensEncoded();
    run.ask({kNote, "Where does Ines keep the lantern?", {}});
    QVERIFY(model.tokensEncoded() - before > 20); // forgotten meanwhile
}

void TestQuestionRun::emptyOnesAreRefused()
{
    const ToyModel model = Bench::makeModel();
    QuestionRun run(model, kSegmenter, settings(KeyKind::Content), byQuestion(), 1);
    for (const char* empty : {"", " \n\t"})
        QVERIFY_EXCEPTION_THROWN(run.ask({empty, "Who?", {}}), Error);
    QVERIFY_EXCEPTION_THROWN(run.ask({kNote, "", {}}), Error);
    QVERIFY_EXCEPTION_THROWN(run.ask({kNote, " ?! ", {}}), Error);
    QCOMPARE(run.ask({kNote, "Where is the lantern?", {}}).reads.size(), std::size_t(1)); // and goes on
    const ToyModel keyless(768, 64);
    QVERIFY_EXCEPTION_THROWN(QuestionRun(keyless, kSegmenter, settings(KeyKind::Content), byQuestion(), 1), Error);
}

void TestQuestionRun::canBeCancelled()
{
    const ToyModel model = Bench::makeModel();
    QuestionRun run(model, kSegmenter, settings(KeyKind::Content), byQuestion(), 1);
    std::stop_source source;
    source.request_stop();
    QVERIFY_EXCEPTION_THROWN(run.ask({kNote, "Where is the lantern?", {}}, {source.get_token(), {}}), Cancelled);
    QCOMPARE(run.ask({kNote, "Where does Ines keep the lantern?", {}}).text, std::string("Ines keeps the brass lantern in the boat house."));
}

void TestQuestionRun::answersAreComparedFolded()
{
    QVERIFY(holdsAnswers({"The  Boat\nhouse"}, "In the boat house."));
    QVERIFY(holdsAnswers({"STRASSE", "ÉTÉ"}, "Die Straße im e\xCC\x81t\xC3\xA9"));
    QVERIFY(holdsAnswers({"a b"}, "A\xC2\xA0\xE3\x80\x80" "B"));
    QVERIFY(!holdsAnswers({"boat", "lantern"}, "In the boat house."));
    QVERIFY(!holdsAnswers({"boathouse"}, "boat house"));
    QVERIFY(!holdsAnswers({"x"}, ""));
    QCOMPARE(foldedText("  A\t b \n"), std::string("a b"));
    QCOMPARE(foldedText("\xFF" "a"), std::string("\xEF\xBF\xBD" "a"));
}

QTEST_GUILESS_MAIN(TestQuestionRun)
#include "tst_questionrun.moc"
