// SPDX-License-Identifier: GPL-3.0-or-later
// Answers decoded after the query's words: what prompts are, both paths of a sweep with them, and what is refused.
#include "core/recall/AnswerDecoder.h"
#include "core/recall/DocumentMemory.h"
#include "core/recall/GenerativeSweep.h"
#include "core/recall/TrialScoring.h"
#include "tests/recall/SweepBench.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan promptedPlan(DecoderPrompt prompted)
{
    SweepPlan plan;
    plan.lengths = {190, 333};
    plan.depths = {0, 61.8, 100};
    plan.trials = 6;
    plan.controls = 3;
    plan.seed = 11;
    plan.memory.rows = 12;
    plan.memory.prefixTokens = 3;
    plan.memory.prompted = prompted;
    plan.task.kind = TaskKind::Needle;
    // The last two have one key and read the same row, after different prompts.
    plan.task.needles = {sanFranciscoNeedle(),
                         {"The house was sold for nine goats and a bell.", "The house was", "Who got the house?"},
                         {"The house was sold for nine goats and a bell.", "The house was given away", "Where did the house go?"}};
    return plan;
}

class NoPrompts : public ToyModel {
public:
    NoPrompts() : m_info(ToyModel::info()) { m_info.promptTokens = 0; }
    const ModelInfo& info() const override { return m_info; }

private:
    ModelInfo m_info;
};

std::string errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool tells(const std::string& error, const char* what)
{
    return error.find(what) != std::string::npos && error.find('\n') == std::string::npos;
}

std::string firstTokens(const Tokenizer& tokenizer, const std::string& text, std::size_t count)
{
    TokenIds ids = tokenizer.encode(text);
    ids.resize(std::min(ids.size(), count));
    return tokenizer.decode(ids);
}

std::vector<TrialOutcome> solved(Bench& bench, SweepPath path)
{
    if (path == SweepPath::Naive) {
        NaiveSweep naive(bench.setup, bench.clock);
        return bench.run(naive);
    }
    if (bench.setup.prior) {
        GenerativeSweep fast(bench.setup, bench.clock);
        return bench.run(fast);
    }
    FastSweep fast(bench.setup, bench.clock);
    return bench.run(fast);
}

} // namespace

class TestPrompts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void promptsAreTheQuerysWords();
    void badPromptsAreTold();
    void pathsAgree_data();
    void pathsAgree();
    void followedRowsHaveNoPrompt();
    void aWrongPromptIsNoticed();
    void answersGoOnFromTheirPrompts();
    void documentsAreAsked();
    void controlsAreClaimedAfterAPrompt();
};

void TestPrompts::promptsAreTheQuerysWords()
{
    const ToyModel model;
    const AnswerDecoder none(model, DecoderPrompt::None, 3), prefix(model, DecoderPrompt::Prefix, 3), query(model, DecoderPrompt::Query, 3);
    QCOMPARE(none.promptOf("The house was sold"), std::string());
    QCOMPARE(prefix.promptOf("  The house was sold "), std::string("The house was"));
    QCOMPARE(prefix.promptOf("The house"), std::string("The house"));
    QCOMPARE(query.promptOf("  The house was sold "), std::string("The house was sold"));
    QCOMPARE(AnswerDecoder(model, DecoderPrompt::Prefix, 4).promptOf("\xEB\xB0\x94\xEB\x8B\xA4"), std::string("\xEB\xB0\x94")); // P ends within a character
    for (const DecoderPrompt prompt : {DecoderPrompt::None, DecoderPrompt::Prefix, DecoderPrompt::Query})
        QVERIFY(decoderPromptFromName(nameOf(prompt)) == prompt);
    QVERIFY(tells(errorOf([] { decoderPromptFromName("both"); }), "none, prefix or query"));
}

void TestPrompts::badPromptsAreTold()
{
    const ToyModel model = Bench::makeModel();
    const AnswerDecoder query(model, DecoderPrompt::Query, 3);
    QVERIFY(tells(errorOf([&] { query.promptOf("  "); }), "empty"));
    QVERIFY(tells(errorOf([&] { query.promptOf(std::string(65, '7')); }), "65 tokens"));
    QCOMPARE(query.promptOf(std::string(64, '7')).size(), std::size_t(64));
    QVERIFY(tells(errorOf([] { AnswerDecoder(NoPrompts(), DecoderPrompt::Prefix, 3); }), "takes no prompts"));
    QVERIFY(errorOf([] { AnswerDecoder(NoPrompts(), DecoderPrompt::None, 3); }).empty());
    const auto refused = [&](const std::function<void(SweepPlan&)>& change) {
        SweepPlan plan = promptedPlan(DecoderPrompt::Query);
        change(plan);
        return errorOf([&] { runSweep(plan, proseHaystack(), model); });
    };
    QVERIFY(refused([](SweepPlan&) {}).empty());
    QVERIFY(tells(refused([](SweepPlan& plan) { plan.memory.keys = KeyKind::Content; }), "content keys"));
    const auto giveItAway = [](SweepPlan& plan) { plan.task.needles = {{"The clock is slow.", "The clock is slow.", ""}}; };
    QVERIFY(tells(refused(giveItAway), "holds the answer"));
    QVERIFY(tells(refused([](SweepPlan& plan) { plan.task.needles = {{"The clock is slow.", "The clock is slow", ""}}; }), "holds the answer"));
    QVERIFY(refused([&](SweepPlan& plan) { // its first three words do not
        giveItAway(plan);
        plan.memory.prompted = DecoderPrompt::Prefix;
    }).empty());
    MemorySettings content;
    content.keys = KeyKind::Content;
    content.prompted = DecoderPrompt::Query;
    QVERIFY(tells(errorOf([&] { DocumentMemory(model, "A text.", {}, content); }), "content keys"));
}

void TestPrompts::pathsAgree_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (const auto prompted : {DecoderPrompt::Prefix, DecoderPrompt::Query})
        for (const auto memory : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed})
            for (const auto keys : {KeyKind::Prefix, KeyKind::Whole, KeyKind::Floor})
                for (const auto addressing : {Addressing::NearestRow, Addressing::PseudoInverse}) {
                    if (addressing == Addressing::PseudoInverse && (memory == KeyMemoryKind::Grow || keys == KeyKind::Floor))
                        continue;
                    SweepPlan plan = promptedPlan(prompted);
                    plan.memory.keyMemory = memory;
                    plan.memory.keys = keys;
                    plan.memory.addressing = addressing;
                    plan.reading.byQuestion = readsByQuestion(plan.task, plan.memory);
                    QTest::addRow("%s %s %s %s", nameOf(prompted).data(), nameOf(memory).data(), nameOf(keys).data(), nameOf(addressing).data()) << plan;
                }
}

void TestPrompts::pathsAgree()
{
    QFETCH(SweepPlan, plan);
    Bench bench(plan);
    bench.setup.prior = priorFor(plan.memory, bench.setup.keyRows);
    const auto fast = solved(bench, SweepPath::Fast), naive = solved(bench, SweepPath::Naive);
    const std::string found = difference(fast, naive);
    QVERIFY2(found.empty(), found.c_str());
    for (std::size_t i = 0; i < naive.size(); ++i) {
        const TrialNeedle& needle = bench.trials[i].needle;
        const std::string query = plan.memory.keys == KeyKind::Prefix ? needle.prefix : needle.question;
        const std::string prompt = plan.memory.prompted == DecoderPrompt::Query ? query : firstTokens(bench.model.tokenizer(), query, 3);
        QVERIFY2(naive[i].answers.front().text.starts_with(prompt), naive[i].answer.c_str());
    }
}

void TestPrompts::followedRowsHaveNoPrompt()
{
    SweepPlan plan = promptedPlan(DecoderPrompt::Prefix);
    plan.task.kind = TaskKind::Ruler;
    plan.task.ruler = RulerTask::NiahMultiquery;
    plan.reading.byQuestion = true;
    plan.memory.prefixTokens = 24; // up to the key and into it
    plan.lengths = {900};
    plan.segmenter = {SegmenterKind::Tokens, 30}; // answers run over several segments
    Bench bench(plan);
    const auto fast = solved(bench, SweepPath::Fast), naive = solved(bench, SweepPath::Naive);
    const std::string found = difference(fast, naive);
    QVERIFY2(found.empty(), found.c_str());
    bool followed = false;
    for (const TrialOutcome& outcome : naive)
        for (std::size_t i = 0, answer = 0; i < outcome.reads.size(); ++i) {
            answer += i > 0 && !outcome.reads[i].followed ? 1 : 0;
            if (!outcome.reads[i].followed)
                continue;
            followed = true;
            const std::string alone = bench.model.decode(outcome.reads[i].latent).front().text;
            QVERIFY(outcome.answers[answer].text.find(alone) != std::string::npos);
        }
    QVERIFY(followed);
}

void TestPrompts::aWrongPromptIsNoticed()
{
    SweepPlan plan = promptedPlan(DecoderPrompt::Query);
    Bench prompted(plan);
    const auto expected = solved(prompted, SweepPath::Naive);
    for (const auto other : {DecoderPrompt::None, DecoderPrompt::Prefix}) {
        plan.memory.prompted = other;
        Bench wrong(plan);
        QVERIFY(!difference(solved(wrong, SweepPath::Fast), expected).empty());
    }
}

// A toy decoder says what z says at the places after the prompt.
void TestPrompts::answersGoOnFromTheirPrompts()
{
    Bench bench(promptedPlan(DecoderPrompt::Query));
    const Tokenizer& tokenizer = bench.model.tokenizer();
    const auto outcomes = solved(bench, SweepPath::Fast);
    bool changed = false;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        TokenIds expected = tokenizer.encode(bench.trials[i].needle.prefix);
        const Decoded alone = bench.model.decode(outcomes[i].reads.front().latent).front();
        if (alone.ids.size() > expected.size())
            expected.insert(expected.end(), alone.ids.begin() + std::ssize(expected), alone.ids.end());
        QCOMPARE(outcomes[i].answer, tokenizer.decode(expected));
        changed = changed || outcomes[i].answer != alone.text;
    }
    QVERIFY(changed);
}

void TestPrompts::documentsAreAsked()
{
    const ToyModel model;
    const std::string text = "The ferry was late. Nobody minded.\n";
    for (const auto addressing : {Addressing::NearestRow, Addressing::PseudoInverse}) {
        MemorySettings settings;
        settings.keyMemory = KeyMemoryKind::Fixed;
        settings.rows = 100;
        settings.keys = KeyKind::Whole;
        settings.addressing = addressing;
        settings.prompted = DecoderPrompt::Query;
        DocumentMemory memory(model, text, {SegmenterKind::Sentence, 60}, settings);
        memory.segment();
        memory.write();
        const Answer answer = memory.ask("The ferry was late.");
        QCOMPARE(answer.first().prompt, std::string("The ferry was late."));
        QCOMPARE(answer.text(), std::string("The ferry was late."));
        QCOMPARE(answer.first().decoded.front().probabilities.front(), 1.0f);
        settings.prompted = DecoderPrompt::Prefix;
        settings.prefixTokens = 2;
        memory.setMemory(settings);
        memory.write();
        QVERIFY(memory.ask("The ferry was late.").first().text.starts_with(memory.ask("The ferry was late.").first().prompt));
        QCOMPARE(memory.ask("The ferry was late.").first().prompt, firstTokens(model.tokenizer(), "The ferry was late.", 2));
        QCOMPARE(memory.decodeLatent(memory.latent(1)).text, std::string("Nobody minded.")); // a row alone has no query
        settings.prompted = DecoderPrompt::None;
        memory.setMemory(settings);
        memory.write();
        QVERIFY(memory.ask("The ferry was late.").first().prompt.empty());
    }
}

void TestPrompts::controlsAreClaimedAfterAPrompt()
{
    SweepPlan plan;
    Trial trial;
    trial.control = true;
    trial.needle = drawNeedle(plan.task, 3);
    TrialOutcome outcome;
    const std::string other = trial.needle.expected == "4471" ? "4472" : "4471";
    outcome.answer = trial.needle.question + " " + other + ". Remember it.";
    QVERIFY(!isFalseAnswer(plan, trial, outcome)); // so an unprompted decoder only repeats a text
    plan.memory.prompted = DecoderPrompt::Query;
    QVERIFY(isFalseAnswer(plan, trial, outcome));
    outcome.answer = trial.needle.question + " lost.";
    QVERIFY(!isFalseAnswer(plan, trial, outcome));
    outcome.answer = trial.needle.prefix + " " + other + ".";
    QVERIFY(isFalseAnswer(plan, trial, outcome));
}

QTEST_GUILESS_MAIN(TestPrompts)
#include "tst_prompts.moc"
