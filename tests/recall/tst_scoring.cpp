// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks, scores, intervals and grids.
#include "core/base/Error.h"
#include "core/recall/RecallTask.h"
#include "core/recall/Scoring.h"
#include "core/recall/SweepResult.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <set>

using namespace hayloft;

class TestScoring : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void passkeyTextsAreThePapers();
    void passkeysHaveTheirDigits();
    void needlesAreDrawnFromTheList();
    void needleFilesAreRead();
    void passkeyScores_data();
    void passkeyScores();
    void needleScores_data();
    void needleScores();
    void rougeLAgreesWithHandCounts();
    void wilsonAgreesWithTables();
    void lengths();
    void depths();
    void badGridsAreRefused_data();
    void badGridsAreRefused();
    void trialSeedsDiffer();
    void namesRoundTrip();
};

void TestScoring::passkeyTextsAreThePapers()
{
    RecallTask task;
    const auto needle = drawNeedle(task, 5);
    const QString key = QString::fromStdString(needle.expected);
    QCOMPARE(QString::fromStdString(needle.text), "The pass key is " + key + ". Remember it. " + key + " is the pass key.");
    QCOMPARE(QString::fromStdString(needle.openingLine),
             QStringLiteral("There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. I will "
                            "quiz you about the important information there."));
    QCOMPARE(needle.prefix, std::string("The pass key is"));
    QCOMPARE(needle.question, std::string("What is the pass key? The pass key is"));
    const std::string filler = passkeyFiller(200);
    QVERIFY(filler.size() >= 200);
    QCOMPARE(filler.substr(0, 104), std::string("The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. The grass is g"));
}

void TestScoring::passkeysHaveTheirDigits()
{
    for (int digits = 1; digits <= 18; ++digits) {
        RecallTask task;
        task.digits = digits;
        std::set<std::string> values;
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const auto value = drawNeedle(task, seed).expected;
            QCOMPARE(value.size(), std::size_t(digits));
            QVERIFY(value.front() != '0');
            QVERIFY(value.find_first_not_of("0123456789") == std::string::npos);
            QCOMPARE(drawNeedle(task, seed).expected, value);
            values.insert(value);
        }
        QVERIFY(values.size() > (digits == 1 ? 8 : digits == 2 ? 60 : 150));
    }
    RecallTask task;
    task.digits = 19;
    QVERIFY_EXCEPTION_THROWN(drawNeedle(task, 1), Error);
}

void TestScoring::needlesAreDrawnFromTheList()
{
    RecallTask task;
    task.kind = TaskKind::Needle;
    QVERIFY_EXCEPTION_THROWN(drawNeedle(task, 1), Error);
    task.needles = {sanFranciscoNeedle(), {"Zora keeps two bees in a jar.", "", ""}};
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto needle = drawNeedle(task, seed);
        QCOMPARE(needle.expected, needle.text);
        QVERIFY(needle.openingLine.empty());
        QVERIFY(needle.text.rfind(needle.prefix, 0) == 0);
        seen.insert(needle.prefix);
    }
    QVERIFY(seen == (std::set<std::string> {"The best thing to do in San Francisco is", "Zora keeps two bees"}));
}

void TestScoring::needleFilesAreRead()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("needles.jsonl").toStdString();
    const auto write = [&](const std::string& text) { std::ofstream(path, std::ios::binary) << text; };
    write("\xEF\xBB\xBF{\"needle\": \"A b c.\", \"prefix\": \"A\", \"question\": \"?\"}\r\n\n{\"needle\": \"\\u00e9\"}");
    const auto needles = loadNeedles(path);
    QCOMPARE(needles.size(), std::size_t(2));
    QCOMPARE(needles[0].question, std::string("?"));
    QCOMPARE(needles[1].text, std::string("\xC3\xA9"));
    for (const char* bad : {"{\"needle\": 3}", "not json", "[1]", "{\"prefix\": \"x\"}", "{\"needle\": \" \"}", "\xFF\xFE"}) {
        write(std::string("{\"needle\": \"fine\"}\n") + bad + "\n");
        try {
            loadNeedles(path);
            QFAIL(bad);
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find("line 2") != std::string::npos, error.what());
        }
    }
    write("");
    QVERIFY_EXCEPTION_THROWN(loadNeedles(path), Error);
    QVERIFY_EXCEPTION_THROWN(loadNeedles(folder.filePath("missing").toStdString()), Error);
}

void TestScoring::passkeyScores_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("correct");
    QTest::addColumn<double>("digits");
    QTest::newRow("exact") << "The pass key is 4471." << true << 1.0;
    QTest::newRow("no stop") << "The pass key is 4471" << true << 1.0;
    QTest::newRow("other sentence") << "4471 is the pass key." << true << 1.0;
    QTest::newRow("longer number") << "The pass key is 44710." << false << 1.0;
    QTest::newRow("shorter number") << "The pass key is 447." << false << 0.75;
    QTest::newRow("one digit off") << "The pass key is 4481." << false << 0.75;
    QTest::newRow("second number") << "The pass key is 12. No, 4471." << false << 0.0;
    QTest::newRow("letter before") << "The pass key is x4471y" << true << 1.0;
    QTest::newRow("no digits") << "Remember it." << false << 0.0;
    QTest::newRow("empty") << "" << false << 0.0;
}

void TestScoring::passkeyScores()
{
    QFETCH(QString, answer);
    QFETCH(bool, correct);
    QFETCH(double, digits);
    TrialNeedle needle;
    needle.prefix = "The pass key is";
    needle.expected = "4471";
    const auto score = scoreAnswer({}, needle, answer.toStdString());
    QCOMPARE(score.correct, correct);
    QCOMPARE(score.digitAccuracy, digits);
}

void TestScoring::needleScores_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("correct");
    const QString needle = "The best thing to do in San Francisco is eat a sandwich and sit in Dolores Park on a sunny day.";
    QTest::newRow("exact") << needle << true;
    QTest::newRow("white space") << QString(needle).replace("eat a", "eat \n\t a") + "\n" << true;
    QTest::newRow("no-break space") << QString(needle).replace("eat a", "eat\u00A0a") << true;
    QTest::newRow("within more") << "Well. " + needle + " Yes." << true;
    QTest::newRow("ending alone") << "eat a sandwich and sit in Dolores Park on a sunny day." << true;
    QTest::newRow("one letter off") << QString(needle).replace("sunny", "funny") << false;
    QTest::newRow("cut") << needle.left(60) << false;
    QTest::newRow("prefix alone") << "The best thing to do in San Francisco is" << false;
    QTest::newRow("empty") << "" << false;
}

void TestScoring::needleScores()
{
    QFETCH(QString, answer);
    QFETCH(bool, correct);
    RecallTask task;
    task.kind = TaskKind::Needle;
    task.needles = {sanFranciscoNeedle()};
    const auto needle = drawNeedle(task, 1);
    QCOMPARE(scoreAnswer(task, needle, answer.toStdString()).correct, correct);
    // A prefix that leaves no word: then only the whole needle counts.
    TrialNeedle all = needle;
    all.prefix = needle.text.substr(0, needle.text.size() - 1);
    QCOMPARE(scoreAnswer(task, all, "Nothing.").correct, false);
}

void TestScoring::rougeLAgreesWithHandCounts()
{
    QCOMPARE(rougeL("a b c d", "a b c d"), 1.0);
    QCOMPARE(rougeL("a x b y", "a b"), 2.0 * (2.0 / 4) * (2.0 / 2) / (2.0 / 4 + 1));
    QCOMPARE(rougeL("b a", "a b"), 0.5);
    QCOMPARE(rougeL("A", "a"), 0.0);
    QCOMPARE(rougeL("", "a"), 0.0);
    QCOMPARE(rougeL("a", " "), 0.0);
    TrialNeedle needle;
    needle.prefix = "The pass key is";
    needle.expected = "4471";
    QCOMPARE(scoreAnswer({}, needle, "The pass key is 4471. Remember it. 4471 is the pass key.").rougeL, 1.0);
    QVERIFY(scoreAnswer({}, needle, "The pass key is 4472.").rougeL < 1.0);
}

// The intervals that the competitive map quotes: 1/1 .21-1, 10/10 .72-1, 20/20 .84-1, 50/50 .93-1.
void TestScoring::wilsonAgreesWithTables()
{
    const auto near = [](double a, double b) { return std::abs(a - b) < 0.005; };
    QVERIFY(near(wilson(1, 1).low, 0.21) && wilson(1, 1).high == 1.0);
    QVERIFY(near(wilson(10, 10).low, 0.72));
    QVERIFY(near(wilson(20, 20).low, 0.84));
    QVERIFY(near(wilson(50, 50).low, 0.93));
    QVERIFY(near(wilson(5, 10).low, 0.2366) && near(wilson(5, 10).high, 0.7634));
    QCOMPARE(wilson(0, 10).low, 0.0);
    QVERIFY(near(wilson(0, 10).high, 0.2775));
    QCOMPARE(wilson(0, 0).low, 0.0);
    QCOMPARE(wilson(0, 0).high, 1.0);
}

void TestScoring::lengths()
{
    QCOMPARE(parseLengths("1k:137k:10").size(), std::size_t(10));
    QCOMPARE(parseLengths("1k:137k:10").front(), std::int64_t(1000));
    QCOMPARE(parseLengths("1k:137k:10")[1], std::int64_t(16111));
    QCOMPARE(parseLengths("1k:137k:10").back(), std::int64_t(137000));
    QCOMPARE(parseLengths("4k, 1K,2k,2k"), (std::vector<std::int64_t> {1000, 2000, 4000}));
    QCOMPARE(parseLengths("1.5m"), (std::vector<std::int64_t> {1500000}));
    QCOMPARE(parseLengths("300"), (std::vector<std::int64_t> {300}));
    QCOMPARE(parseLengths("10k:1k:2"), (std::vector<std::int64_t> {1000, 10000}));
}

void TestScoring::depths()
{
    QCOMPARE(parseDepths("0:100:11").size(), std::size_t(11));
    QCOMPARE(parseDepths("0:100:11")[3], 30.0);
    QCOMPARE(parseDepths("50"), (std::vector<double> {50}));
    QCOMPARE(parseDepths("75,25"), (std::vector<double> {25, 75}));
    // Kamradt's 35 sigmoid depths, as his result files have them.
    const auto sigmoid = parseDepths("sigmoid:35");
    QCOMPARE(sigmoid.size(), std::size_t(35));
    QCOMPARE(sigmoid[1], 0.896);
    QCOMPARE(sigmoid[2], 1.199);
    QCOMPARE(sigmoid[17], 50.0);
    QCOMPARE(sigmoid[33], 99.104);
    QCOMPARE(sigmoid[34], 100.0);
}

void TestScoring::badGridsAreRefused_data()
{
    QTest::addColumn<QString>("spec");
    QTest::addColumn<bool>("isDepth");
    for (const char* spec : {"", "0", "-5", "1k:2k", "1:2:3:4", "1k:2k:0", "1k:2k:2.5", "abc", "1kk", "nan", "inf", "1,,2", "1e30", "5 6"})
        QTest::addRow("length %s", spec) << QString(spec) << false;
    for (const char* spec : {"", "-1", "101", "0:200:3", "sigmoid:1", "sigmoid:", "sigmoid", "x", "nan", "0:100:100000000"})
        QTest::addRow("depth %s", spec) << QString(spec) << true;
}

void TestScoring::badGridsAreRefused()
{
    QFETCH(QString, spec);
    QFETCH(bool, isDepth);
    if (isDepth)
        QVERIFY_EXCEPTION_THROWN(parseDepths(spec.toStdString()), Error);
    else
        QVERIFY_EXCEPTION_THROWN(parseLengths(spec.toStdString()), Error);
}

void TestScoring::trialSeedsDiffer()
{
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed : {1, 2})
        for (std::int64_t length : {1000, 2000})
            for (double depth : {0.0, 10.0, 20.0})
                for (int trial = 0; trial < 10; ++trial)
                    seeds.insert(trialSeed(seed, length, depth, trial));
    QCOMPARE(seeds.size(), std::size_t(120));
    QCOMPARE(trialSeed(1, 5, 0.0, 1), trialSeed(1, 5, -0.0, 1));
}

void TestScoring::namesRoundTrip()
{
    for (auto failure : {Failure::None, Failure::RowWrong, Failure::RowShared, Failure::DecodeWrong})
        QCOMPARE(failureFromName(nameOf(failure)), failure);
    for (auto path : {SweepPath::Fast, SweepPath::Naive})
        QCOMPARE(sweepPathFromName(nameOf(path)), path);
    for (auto placement : {Placement::Boundary, Placement::Inside})
        QCOMPARE(placementFromName(nameOf(placement)), placement);
    for (auto kind : {TaskKind::Passkey, TaskKind::Needle})
        QCOMPARE(taskKindFromName(nameOf(kind)), kind);
    QVERIFY_EXCEPTION_THROWN(failureFromName("?"), Error);
    QVERIFY_EXCEPTION_THROWN(sweepPathFromName("?"), Error);
    QVERIFY_EXCEPTION_THROWN(placementFromName("?"), Error);
    QVERIFY_EXCEPTION_THROWN(taskKindFromName("?"), Error);
}

QTEST_GUILESS_MAIN(TestScoring)
#include "tst_scoring.moc"
