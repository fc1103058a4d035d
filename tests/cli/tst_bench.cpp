// SPDX-License-Identifier: GPL-3.0-or-later
// The workloads of `bench` on small inputs: what their JSON holds, and what they refuse.
#include "CliBench.h"

#include "core/base/Paths.h"
#include "core/model/EncoderCost.h"

#include <nlohmann/json.hpp>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestBench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void encoderCostIsTheSumOfTheProducts();
    void encoding();
    void decoding();
    void memory();
    void sweepsAgreeWithTheNaivePath();
    void scales();
    void badOptionsAreRefused_data();
    void badOptionsAreRefused();

private:
    std::string path(const char* name) const { return m_directory.filePath(name).toStdString(); }
    nlohmann::json results(std::vector<std::string> arguments, bool ownModel = false);

    QTemporaryDir m_directory;
};

void TestBench::initTestCase()
{
    std::ofstream file(path("story.txt"));
    for (int i = 0; i < 12; ++i)
        file << kStory << "\n";
}

nlohmann::json TestBench::results(std::vector<std::string> arguments, bool ownModel)
{
    arguments.insert(arguments.begin(), "bench");
    arguments.insert(arguments.end(), { "--repeats", "1", "--out", path("bench.json") });
    Outcome outcome;
    if (ownModel) {
        std::vector<const char*> argv { "hayloft-cli" };
        for (const auto& argument : arguments)
            argv.push_back(argument.c_str());
        std::ostringstream out, err;
        outcome = { runCli(static_cast<int>(argv.size()), argv.data(), out, err), out.str(), err.str() };
    } else {
        outcome = run(arguments);
    }
    if (outcome.code != 0)
        throw Error(outcome.err);
    const auto json = nlohmann::json::parse(contents(path("bench.json")));
    if (json.at("schema") != "hayloft.bench/1" || json.at("workload") != arguments[1])
        throw Error("not the workload's JSON");
    return json.at("results");
}

/// Of larimar-mini, by hand: a token passes 2 layers of 786,432 weights, 64 x 256 of projection and 64 x 768 of binding.
void TestBench::encoderCostIsTheSumOfTheProducts()
{
    const auto folder = modelDirectory("larimar-mini");
    const double perToken = 2.0 * (2 * 786432 + 64 * 256 + 64 * 768);
    const double attention = 2 * 2.0 * 2 * 256; // of a token with one other: scores and sums, in 2 layers
    QCOMPARE(encoderFlops(folder, { TokenIds(1, 5) }), perToken + attention);
    QCOMPARE(encoderFlops(folder, { TokenIds(10, 5), TokenIds(3, 5) }), 13 * perToken + (100 + 9) * attention);
}

void TestBench::encoding()
{
    const auto found = results({ "encode", "--document", path("story.txt"), "--tokens", "300", "--alone", "3", "--write-segments", path("segments.jsonl") }, true);
    QVERIFY(found.at("tokens_per_s").get<double>() > 0);
    QVERIFY(found.at("share_of_sgemm").get<double>() > 0);
    std::istringstream lines(contents(path("segments.jsonl")));
    std::size_t tokens = 0;
    for (std::string line; std::getline(lines, line);)
        tokens += nlohmann::json::parse(line).get<TokenIds>().size();
    QVERIFY(tokens >= 300 && tokens < 400);
}

void TestBench::decoding()
{
    const auto found = results({ "decode", "--document", path("story.txt"), "--batches", "1", "8" });
    QCOMPARE(found.at("batch_8").at("answers").get<double>(), 8.0);
    QVERIFY(found.at("batch_1").at("answers_per_s").get<double>() > 0);
}

void TestBench::memory()
{
    const auto read = results({ "read", "--rows", "300", "--queries", "20", "--columns", "32" });
    QVERIFY(read.at("batch").at("gflops").get<double>() > 0 && read.at("one_query").at("gb_per_s").get<double>() > 0);
    const auto write = results({ "write", "--segments", "300", "--rows", "50", "--columns", "32" });
    QVERIFY(write.at("grow").at("rows_per_s").get<double>() > 0 && write.at("fixed").at("gflops").get<double>() > 0);
    const auto published = results({ "gpm", "--rows", "24", "--columns", "40", "--latents", "4", "--queries", "3" });
    QVERIFY(published.at("as_published").at("write").at("median_s").get<double>() > 0);
    for (const char* mode : { "newton", "exact" }) {
        QVERIFY(published.at(mode).at("speedup").get<double>() > 0);
        QVERIFY(published.at(mode).at("readout_difference").get<double>() < 1e-4);
    }
}

void TestBench::sweepsAgreeWithTheNaivePath()
{
    const auto found = results({ "sweep-137k", "--document", path("story.txt"), "--lengths", "400,800", "--depths", "0:100:3", "--trials", "2", "--naive", "4" });
    QCOMPARE(found.at("trials").get<int>(), 12);
    QCOMPARE(found.at("hits").get<int>(), 12);
    QCOMPARE(found.at("naive").at("trials").get<int>(), 4);
    QCOMPARE(found.at("naive").at("same_row_and_answer").get<int>(), 4);
}

void TestBench::scales()
{
    const auto found = results({ "scale", "--document", path("story.txt"), "--lengths", "300", "900", "--depths", "0,100", "--trials", "2" }).at("lengths");
    QCOMPARE(found.size(), std::size_t(2));
    QCOMPARE(found[1].at("tokens").get<int>(), 900);
    QCOMPARE(found[1].at("trials").get<int>(), 4);
    QVERIFY(found[1].at("rows").get<int>() > found[0].at("rows").get<int>());
}

void TestBench::badOptionsAreRefused_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing alone") << QStringList { "encode", "--alone", "-5" } << "--alone -5";
    QTest::newRow("no tokens") << QStringList { "encode", "--tokens", "0" } << "lengths \"0\"";
    QTest::newRow("no text") << QStringList { "encode", "--document", "/no/such" } << "/no/such";
    QTest::newRow("no folder") << QStringList { "decode", "--out", "/no/such/x.json" } << "/no/such/x.json";
    QTest::newRow("no runs") << QStringList { "decode", "--repeats", "0" } << "--repeats 0";
    QTest::newRow("an empty batch") << QStringList { "decode", "--batches", "4", "0" } << "--batches";
    QTest::newRow("no rows") << QStringList { "read", "--rows", "0" } << "1 or more";
    QTest::newRow("no latents") << QStringList { "gpm", "--latents", "0" } << "1 or more";
    QTest::newRow("no steps") << QStringList { "gpm", "--newton-steps", "0" } << "0 Newton steps";
    QTest::newRow("a model for the memory") << QStringList { "write", "--model", "x" } << "--model";
    QTest::newRow("no trials") << QStringList { "sweep-1m", "--trials", "0" } << "trial";
    QTest::newRow("no length") << QStringList { "scale", "--lengths", "x" } << "\"x\"";
}

void TestBench::badOptionsAreRefused()
{
    QFETCH(QStringList, options);
    QFETCH(QString, says);
    std::vector<std::string> arguments { "bench" };
    for (const QString& option : options)
        arguments.push_back(option.toStdString());
    const Outcome outcome = run(arguments);
    QVERIFY(outcome.code != 0);
    QVERIFY2(isOneLine(outcome.err) && has(outcome.err, says.toStdString()), outcome.err.c_str());
}

QTEST_GUILESS_MAIN(TestBench)
#include "tst_bench.moc"
