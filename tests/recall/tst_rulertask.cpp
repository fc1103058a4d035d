// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's needle tasks: what trials draw, and haystacks that never hold a trial's key.
#include "core/base/Error.h"
#include "core/base/Paths.h"
#include "core/recall/RulerTask.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace hayloft;

namespace {

const RulerWords& words()
{
    static const RulerWords loaded = loadRulerWords(wordsDirectory());
    return loaded;
}

std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

bool allOf(std::string_view text, std::string_view allowed)
{
    return !text.empty() && text.find_first_not_of(allowed) == text.npos;
}

bool isUuid4(std::string_view text)
{
    if (text.size() != 36 || text[14] != '4' || std::string_view("89ab").find(text[19]) == std::string_view::npos)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((text[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23))
            return false;
    return allOf(text, "0123456789abcdef-");
}

bool isItem(RulerItem item, std::string_view text)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    switch (item) {
    case RulerItem::Numbers:
        return text.size() == 7 && text.front() != '0' && allOf(text, "0123456789");
    case RulerItem::Words: {
        const std::size_t hyphen = std::min(text.find('-'), text.size() - 1);
        return allOf(text.substr(0, hyphen), letters) && allOf(text.substr(hyphen + 1), letters);
    }
    case RulerItem::Uuids:
        break;
    }
    return isUuid4(text);
}

/// Key and value of a needle of the right form; two empty texts for any other line.
std::pair<std::string, std::string> takenApart(const RulerForm& form, std::string_view needle)
{
    const std::string head = "One of the special magic " + std::string(nameOf(form.value)) + " for ", middle = " is: ";
    const std::size_t at = needle.find(middle);
    if (!needle.starts_with(head) || at == needle.npos || !needle.ends_with("."))
        return {};
    const std::string key(needle.substr(head.size(), at - head.size()));
    const std::string value(needle.substr(at + middle.size(), needle.size() - at - middle.size() - 1));
    return isItem(form.key, key) && isItem(form.value, value) ? std::pair(key, value) : std::pair<std::string, std::string>();
}

std::string everything(const RulerTrial& trial)
{
    std::string text = trial.opening + "|" + trial.question + "|" + trial.answerPrefix;
    for (const auto* list : { &trial.needles, &trial.queries, &trial.expected })
        for (const std::string& item : *list)
            text += "|" + item;
    for (const double depth : trial.depths)
        text += "|" + std::to_string(depth);
    for (const std::size_t holder : trial.holders)
        text += "|" + std::to_string(holder);
    return text;
}

void addTasks()
{
    QTest::addColumn<int>("task");
    for (const RulerTask task : kRulerTasks)
        QTest::newRow(std::string(nameOf(task)).c_str()) << static_cast<int>(task);
}

RulerTask currentTask()
{
    const auto task = *static_cast<int*>(QTest::qData("task", QMetaType::Int));
    return static_cast<RulerTask>(task);
}

} // namespace

class TestRulerTask : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesAndFormsAreRulers();
    void trialsFitTheirTask_data() { addTasks(); }
    void trialsFitTheirTask();
    void trialsComeFromTheirSeed_data() { addTasks(); }
    void trialsComeFromTheirSeed();
    void trialsStayTheSame();
    void depthsAreOnRulersGrid();
    void queriesComeInAnyOrder();
    void noiseIsRulers();
    void distractorsNeverHoldATrialsKey_data();
    void distractorsNeverHoldATrialsKey();
    void haystacksComeFromTheirSeed();
    void tooFewWordsAreAnError();
};

void TestRulerTask::namesAndFormsAreRulers()
{
    struct Row {
        const char* name;
        RulerHaystack haystack;
        RulerItem key, value;
        int keys, values, queries;
    };
    const Row rows[] = { { "niah_single_1", RulerHaystack::Noise, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 },
                         { "niah_single_2", RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 },
                         { "niah_single_3", RulerHaystack::Essay, RulerItem::Words, RulerItem::Uuids, 1, 1, 1 },
                         { "niah_multikey_1", RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 4, 1, 1 },
                         { "niah_multikey_2", RulerHaystack::Needles, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 },
                         { "niah_multikey_3", RulerHaystack::Needles, RulerItem::Uuids, RulerItem::Uuids, 1, 1, 1 },
                         { "niah_multivalue", RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 1, 4, 1 },
                         { "niah_multiquery", RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 4, 1, 4 } };
    QCOMPARE(kRulerTasks.size(), std::size(rows));
    for (const Row& row : rows) {
        const RulerTask task = rulerTaskFromName(row.name);
        const RulerForm form = formOf(task);
        QCOMPARE(std::string(nameOf(task)), std::string(row.name));
        QVERIFY(form.haystack == row.haystack && form.key == row.key && form.value == row.value);
        QVERIFY(form.keys == row.keys && form.values == row.values && form.queries == row.queries);
        QCOMPARE(form.wording().single, row.values * row.queries == 1);
    }
    QVERIFY_EXCEPTION_THROWN(rulerTaskFromName("niah_single_4"), Error);
    QVERIFY_EXCEPTION_THROWN(rulerTaskFromName(""), Error);
}

void TestRulerTask::trialsFitTheirTask()
{
    const RulerTask task = currentTask();
    const RulerForm form = formOf(task);
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const RulerTrial trial = drawRulerTrial(task, words(), seed);
        const auto count = static_cast<std::size_t>(form.keys * form.values);
        QCOMPARE(trial.needles.size(), count);
        QCOMPARE(trial.depths.size(), count - 1);
        std::set<std::string> values;
        std::map<std::string, int> keys;
        for (const std::string& needle : trial.needles) {
            const auto [key, value] = takenApart(form, needle);
            QVERIFY2(!key.empty(), needle.c_str());
            ++keys[key];
            values.insert(value);
        }
        QCOMPARE(values.size(), count);
        QCOMPARE(keys.size(), static_cast<std::size_t>(form.keys));
        for (const auto& [key, times] : keys)
            QCOMPARE(times, form.values);
        QCOMPARE(trial.queries.size(), static_cast<std::size_t>(form.queries));
        QCOMPARE(std::set(trial.queries.begin(), trial.queries.end()).size(), trial.queries.size());
        QCOMPARE(trial.expected.size(), static_cast<std::size_t>(form.queries * form.values));
        QCOMPARE(trial.holders.size(), trial.expected.size());
        QCOMPARE(std::set(trial.holders.begin(), trial.holders.end()).size(), trial.holders.size());
        QVERIFY(std::count(trial.holders.begin(), trial.holders.end(), 0u) == 1);
        for (std::size_t i = 0; i < trial.expected.size(); ++i) {
            const auto query = trial.queries[i / static_cast<std::size_t>(form.values)];
            QCOMPARE(trial.needles.at(trial.holders[i]), rulerNeedle(form.value, query, trial.expected[i]));
        }
        QCOMPARE(trial.opening, rulerOpening(form.wording()));
        QCOMPARE(trial.question, rulerQuestion(form.wording(), trial.queries));
        QCOMPARE(trial.answerPrefix, rulerAnswerPrefix(form.wording(), trial.queries));
    }
}

void TestRulerTask::trialsComeFromTheirSeed()
{
    const RulerTask task = currentTask();
    std::set<std::string> keys, values, trials;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const RulerTrial trial = drawRulerTrial(task, words(), seed);
        QCOMPARE(everything(drawRulerTrial(task, words(), seed)), everything(trial));
        keys.insert(trial.queries.front());
        values.insert(trial.expected.front());
        trials.insert(everything(trial));
    }
    // Chance alone makes a few of 500 draws meet: of about 470,000 keys or 560,000 numbers 0.3 pairs are expected.
    QCOMPARE(trials.size(), std::size_t(500));
    QVERIFY(keys.size() >= 495);
    QVERIFY(values.size() >= 495);
}

void TestRulerTask::trialsStayTheSame()
{
    // Recorded runs name seeds: a seed must mean the same trial in every version. Counted out by a program of its own.
    const RulerWords few { { "brave", "calm", "green", "old", "quick", "round" },
                           { "anchor", "bridge", "candle", "desert", "engine", "forest", "garden", "harbor" } };
    QCOMPARE(everything(drawRulerTrial(RulerTask::NiahMultikey3, few, 1)),
             std::string("A special magic uuid is hidden within the following text. Make sure to memorize it. I will quiz you "
                         "about the uuid afterwards.|"
                         "What is the special magic uuid for a9087a11-458f-4bf3-90f0-82067ed442dc mentioned in the provided text?|"
                         " The special magic uuid for a9087a11-458f-4bf3-90f0-82067ed442dc mentioned in the provided text is|"
                         "One of the special magic uuids for a9087a11-458f-4bf3-90f0-82067ed442dc is: "
                         "da1d010c-3666-4601-bdc6-5d26f6d9e365.|"
                         "a9087a11-458f-4bf3-90f0-82067ed442dc|da1d010c-3666-4601-bdc6-5d26f6d9e365|0"));
    QCOMPARE(everything(drawRulerTrial(RulerTask::NiahMultivalue, few, 7)),
             std::string("Some special magic numbers are hidden within the following text. Make sure to memorize it. I will quiz "
                         "you about the numbers afterwards.|"
                         "What are all the special magic numbers for round-forest mentioned in the provided text?|"
                         " The special magic numbers for round-forest mentioned in the provided text are|"
                         "One of the special magic numbers for round-forest is: 1711622.|"
                         "One of the special magic numbers for round-forest is: 6072469.|"
                         "One of the special magic numbers for round-forest is: 5022019.|"
                         "One of the special magic numbers for round-forest is: 7108034.|round-forest|1711622|6072469|"
                         "5022019|7108034|15.000000|41.000000|3.000000|0|1|2|3"));
    QCOMPARE(everything(drawRulerTrial(RulerTask::NiahMultiquery, words(), 42)), // changes with the word lists
             std::string("Some special magic numbers are hidden within the following text. Make sure to memorize it. I will quiz "
                         "you about the numbers afterwards.|"
                         "What are all the special magic numbers for quixotic-proliferation, courageous-god, damaging-cable, and "
                         "bumpy-ligula mentioned in the provided text?|"
                         " The special magic numbers for quixotic-proliferation, courageous-god, damaging-cable, and bumpy-ligula "
                         "mentioned in the provided text are|"
                         "One of the special magic numbers for courageous-god is: 9829774.|"
                         "One of the special magic numbers for bumpy-ligula is: 5026016.|"
                         "One of the special magic numbers for quixotic-proliferation is: 2388330.|"
                         "One of the special magic numbers for damaging-cable is: 9082289.|quixotic-proliferation|"
                         "courageous-god|damaging-cable|bumpy-ligula|2388330|9829774|9082289|5026016|49.000000|54.000000|"
                         "8.000000|2|0|3|1"));
}

void TestRulerTask::depthsAreOnRulersGrid()
{
    std::map<double, int> times;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        const auto depths = drawRulerTrial(RulerTask::NiahMultiquery, words(), seed).depths;
        QCOMPARE(std::set(depths.begin(), depths.end()).size(), std::size_t(3));
        for (const double depth : depths) {
            QVERIFY(depth >= 0 && depth <= 100);
            ++times[depth];
        }
    }
    // numpy's round(linspace(0, 100, 40)); 12,000 draws are 300 each, give or take 17 (one standard deviation).
    const std::vector<int> grid { 0,  3,  5,  8,  10, 13, 15, 18, 21, 23, 26, 28, 31, 33, 36, 38, 41, 44, 46, 49,
                                  51, 54, 56, 59, 62, 64, 67, 69, 72, 74, 77, 79, 82, 85, 87, 90, 92, 95, 97, 100 };
    QCOMPARE(times.size(), grid.size());
    for (const int depth : grid)
        QVERIFY2(times[depth] > 200 && times[depth] < 400, std::to_string(depth).c_str());
}

void TestRulerTask::queriesComeInAnyOrder()
{
    std::map<std::size_t, int> place; // of the needle at the wanted depth, in the question
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        const auto holders = drawRulerTrial(RulerTask::NiahMultiquery, words(), seed).holders;
        ++place[static_cast<std::size_t>(std::find(holders.begin(), holders.end(), 0u) - holders.begin())];
    }
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY2(place[i] > 850 && place[i] < 1150, std::to_string(i).c_str());
}

void TestRulerTask::noiseIsRulers()
{
    const std::string line = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";
    QCOMPARE(rulerHaystackText(RulerTask::NiahSingle1, {}, 5, 0), std::string());
    QCOMPARE(rulerHaystackText(RulerTask::NiahSingle1, {}, 5, 1), line);
    QCOMPARE(rulerHaystackText(RulerTask::NiahSingle1, {}, 6, 3), line + "\n" + line + "\n" + line);
    QVERIFY_EXCEPTION_THROWN(rulerHaystackText(RulerTask::NiahSingle2, words(), 1, 10), Error);
}

void TestRulerTask::distractorsNeverHoldATrialsKey_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("words and numbers") << QByteArray("niah_multikey_2");
    QTest::newRow("uuids") << QByteArray("niah_multikey_3");
}

void TestRulerTask::distractorsNeverHoldATrialsKey()
{
    QFETCH(QByteArray, name);
    const RulerTask task = rulerTaskFromName(name.toStdString());
    const auto lines = linesOf(rulerHaystackText(task, words(), 3, 20'000));
    QCOMPARE(lines.size(), std::size_t(20'000));
    std::set<std::string> keys;
    for (const std::string& line : lines) {
        const auto [key, value] = takenApart(formOf(task), line);
        QVERIFY2(!key.empty(), line.c_str());
        QVERIFY(keys.insert(key).second);
        QVERIFY(rulerSideOf(key) == RulerSide::Haystack);
        QVERIFY(rulerSideOf(value) == RulerSide::Haystack);
    }
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const RulerTrial trial = drawRulerTrial(task, words(), seed);
        QVERIFY(rulerSideOf(trial.queries.front()) == RulerSide::Trial);
        QVERIFY(rulerSideOf(trial.expected.front()) == RulerSide::Trial);
        QVERIFY(!keys.contains(trial.queries.front()));
    }
}

void TestRulerTask::haystacksComeFromTheirSeed()
{
    const auto text = [](std::uint64_t seed, std::size_t lines) {
        return rulerHaystackText(RulerTask::NiahMultikey2, words(), seed, lines);
    };
    QCOMPARE(text(3, 100), text(3, 100));
    QVERIFY(text(3, 100) != text(4, 100));
    QVERIFY(text(3, 200).starts_with(text(3, 100) + "\n")); // a longer one only goes on
}

void TestRulerTask::tooFewWordsAreAnError()
{
    QVERIFY_EXCEPTION_THROWN(drawRulerTrial(RulerTask::NiahSingle1, {}, 1), Error);
    QVERIFY_EXCEPTION_THROWN(drawRulerTrial(RulerTask::NiahMultiquery, { { "old" }, { "car" } }, 1), Error);
    const RulerWords few { { "old", "new" }, { "car", "cat", "dog" } };
    QVERIFY_EXCEPTION_THROWN(rulerHaystackText(RulerTask::NiahMultikey2, few, 1, 7), Error);
    QCOMPARE(linesOf(rulerHaystackText(RulerTask::NiahMultikey3, {}, 1, 50)).size(), std::size_t(50)); // needs no words
}

QTEST_GUILESS_MAIN(TestRulerTask)
#include "tst_rulertask.moc"
