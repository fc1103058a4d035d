// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli driven as a function with a model that needs no training: contract flags, exit codes, outputs, errors.
#include "core/base/Error.h"
#include "core/store/RunRecord.h"
#include "tests/cli/CliBench.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        std::ofstream(path("story.txt")) << kStory;
    }

    void helpOfEachCommandHasExamples_data()
    {
        QTest::addColumn<QString>("command");
        for (const char* command : { "segment", "query", "sweep", "merge", "figure", "train", "bench", "info" })
            QTest::newRow(command) << command;
    }

    void helpOfEachCommandHasExamples()
    {
        QFETCH(QString, command);
        const Outcome outcome = run({ command.toStdString(), "--help" });
        QCOMPARE(outcome.code, 0);
        QVERIFY(has(outcome.out, "Examples:"));
        QVERIFY(has(outcome.out, "hayloft-cli " + command.toStdString()));
        QVERIFY(outcome.err.empty());
    }

    void sweepHasTheFlagsOfTheContract()
    {
        const std::string help = run({ "sweep", "--help" }).out;
        for (const char* flag : { "--haystack", "--task", "--digits", "--needle ", "--prefix ", "--question", "--needles",
                 "--placement", "--axis", "--loads", "--segmenter", "--max-tokens", "--keys", "--prefix-tokens", "--key-memory", "--rows",
                 "--addressing", "--lengths", "--depths", "--trials", "--controls", "--seed", "--path", "--no-baselines", "--model", "--shard",
                 "--out", "--csv", "--figure" })
            QVERIFY2(has(help, flag), flag);
    }

    void wrongUseIsOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("names");
        const QString story = "STORY";
        const QStringList sweep { "sweep", "--haystack", story, "--lengths", "200", "--depths", "50", "--out", "OUT" };
        QTest::newRow("nothing") << QStringList {} << "subcommand";
        QTest::newRow("unknown command") << QStringList { "dance" } << "dance";
        QTest::newRow("unknown flag") << QStringList { "info", "--bogus" } << "--bogus";
        QTest::newRow("missing out") << sweep.mid(0, 7) << "--out";
        QTest::newRow("number") << sweep + QStringList { "--trials", "many" } << "--trials";
        QTest::newRow("no trials") << sweep + QStringList { "--trials", "0" } << "--trials 0";
        QTest::newRow("task") << sweep + QStringList { "--task", "riddle" } << "riddle";
        QTest::newRow("keys") << sweep + QStringList { "--keys", "sharp" } << "sharp";
        QTest::newRow("digits") << sweep + QStringList { "--digits", "19" } << "--digits 19";
        QTest::newRow("segmenter") << sweep + QStringList { "--segmenter", "axe" } << "axe";
        QTest::newRow("max tokens") << sweep + QStringList { "--max-tokens", "65" } << "--max-tokens 65";
        QTest::newRow("rows") << sweep + QStringList { "--key-memory", "fixed", "--rows", "0" } << "--rows 0";
        QTest::newRow("newton alone") << sweep + QStringList { "--newton", "15" } << "--addressing pseudo-inverse";
        QTest::newRow("content keys") << sweep + QStringList { "--addressing", "pseudo-inverse", "--keys", "content" } << "prefix or whole";
        QTest::newRow("no prior") << sweep + QStringList { "--key-memory", "prior" } << "no learned prior";
        QTest::newRow("addressing") << sweep + QStringList { "--addressing", "psychic" } << "psychic";
        QTest::newRow("path") << sweep + QStringList { "--path", "scenic" } << "scenic";
        QTest::newRow("lengths") << (QStringList { "sweep", "--haystack", story, "--lengths", "1k:x", "--depths", "50", "--out", "OUT" }) << "1k:x";
        QTest::newRow("depths") << (QStringList { "sweep", "--haystack", story, "--lengths", "200", "--depths", "101", "--out", "OUT" }) << "101";
        QTest::newRow("needle for passkey") << sweep + QStringList { "--needle", "A b c." } << "--task needle";
        QTest::newRow("needle without prefix") << sweep + QStringList { "--task", "needle", "--needle", "A b c." } << "--prefix";
        QTest::newRow("foreign prefix") << sweep + QStringList { "--task", "needle", "--needle", "A b c.", "--prefix", "X" } << "--prefix";
        QTest::newRow("no such needles") << sweep + QStringList { "--task", "needle", "--needles", "nowhere.jsonl" } << "nowhere.jsonl";
        QTest::newRow("no haystack") << (QStringList { "sweep", "--haystack", "nowhere.txt", "--lengths", "200", "--depths", "50", "--out", "OUT" }) << "nowhere.txt";
        QTest::newRow("figure suffix") << sweep + QStringList { "--figure", "recall.gif" } << "recall.gif";
        QTest::newRow("figure of nothing") << (QStringList { "figure", "nowhere.json", "--out", "OUT.png" }) << "nowhere.json";
        QTest::newRow("palette") << (QStringList { "figure", "nowhere.json", "--out", "OUT.png", "--palette", "plaid" }) << "plaid";
        QTest::newRow("query of nothing") << (QStringList { "query", "--document", story }) << "--prefix";
        QTest::newRow("depth without needle") << (QStringList { "query", "--document", story, "--prefix", "x", "--depth", "5" }) << "--plant";
        QTest::newRow("depth") << (QStringList { "query", "--document", story, "--prefix", "x", "--plant", "A b c.", "--depth", "-5" }) << "-5";
        QTest::newRow("query without a text") << (QStringList { "query", "--question", "Who?" }) << "--ruler FILE";
        QTest::newRow("no such questions") << (QStringList { "query", "--questions", "nowhere.jsonl" }) << "nowhere.jsonl";
        QTest::newRow("no such ruler file") << (QStringList { "query", "--ruler", "nowhere.jsonl" }) << "nowhere.jsonl";
        QTest::newRow("two files") << (QStringList { "query", "--ruler", story, "--questions", story }) << "--questions";
        QTest::newRow("questions and question") << (QStringList { "query", "--questions", story, "--question", "Who?" }) << "--question";
        QTest::newRow("ruler and document") << (QStringList { "query", "--ruler", story, "--document", story }) << "--document";
        QTest::newRow("no questions") << (QStringList { "query", "--questions", story, "--out", "OUT" }) << "line 1";
        QTest::newRow("out of one query") << (QStringList { "query", "--document", story, "--prefix", "x", "--out", "OUT" }) << "--ruler";
        QTest::newRow("endless training") << (QStringList { "train", "--corpus", story, "--out", "OUT" }) << "--minutes";
    }

    void wrongUseIsOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        std::vector<std::string> given;
        for (const QString& argument : arguments)
            given.push_back(argument == "STORY" ? path("story.txt") : argument.startsWith("OUT") ? path(argument.toStdString()) : argument.toStdString());
        const Outcome outcome = run(given);
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err), outcome.err.c_str());
        QVERIFY2(has(outcome.err, names.toStdString()), outcome.err.c_str());
        QVERIFY2(outcome.out.empty(), outcome.out.c_str());
        QVERIFY2(!QFileInfo::exists(m_folder->filePath("OUT")), "a failed command left its output");
    }

    void segmentsGiveBackTheDocument()
    {
        const Outcome outcome = run({ "segment", path("story.txt"), "--json", "--max-tokens", "40" });
        QCOMPARE(outcome.code, 0);
        std::istringstream lines(outcome.out);
        std::size_t end = 0, count = 0;
        for (std::string line; std::getline(lines, line); ++count) {
            const auto json = nlohmann::json::parse(line);
            QCOMPARE(json["begin"].get<std::size_t>(), end);
            end = json["end"].get<std::size_t>();
            QVERIFY(json["tokens"].get<int>() <= 40);
            QVERIFY(has(kStory, json["text"].get<std::string>()));
        }
        QCOMPARE(end, std::string(kStory).size());
        QVERIFY(count > 10);
        const Outcome summary = run({ "segment", path("story.txt"), "--summary", "--max-tokens", "40" });
        QVERIFY2(has(summary.out, "segments  " + std::to_string(count) + "\n"), summary.out.c_str());
    }

    void querySaysWhatItRead()
    {
        const Outcome outcome = run({ "query", "--document", path("story.txt"), "--plant", "The vault code is blue heron.",
            "--depth", "50", "--prefix", "The vault code is", "--json" });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const auto json = nlohmann::json::parse(outcome.out);
        QCOMPARE(json["answer"].get<std::string>(), std::string("The vault code is blue heron."));
        QCOMPARE(json["keys"].get<std::string>(), std::string("prefix"));
        QCOMPARE(json["row"].get<long>(), json["needle"]["rows"][0].get<long>());
        QCOMPARE(json["row_segments"].get<int>(), 1);
        QVERIFY(json["distance"].get<double>() < 1e-3);
        QCOMPARE(json["runners_up"].size(), std::size_t(5));
        QVERIFY(json["runners_up"][0]["distance"].get<double>() > json["distance"].get<double>());
        QVERIFY(json["needle"]["depth_achieved"].get<double>() > 35 && json["needle"]["depth_achieved"].get<double>() <= 50);
        QCOMPARE(json["row_texts"][0].get<std::string>(), std::string("The vault code is blue heron."));

        const Outcome text = run({ "query", "--document", path("story.txt"), "--plant", "The vault code is blue heron.",
            "--depth", "50", "--prefix", "The vault code is" });
        QVERIFY2(has(text.out, "answer    The vault code is blue heron.\n"), text.out.c_str());
        QVERIFY2(has(text.out, ": read\n"), text.out.c_str());
    }

    void questionUsesWholeKeys()
    {
        const Outcome outcome = run({ "query", "--document", path("story.txt"), "--question", "Where is the ferry?", "--json" });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const auto json = nlohmann::json::parse(outcome.out);
        QCOMPARE(json["keys"].get<std::string>(), std::string("whole"));
        QVERIFY(json["needle"].is_null());
        const Outcome asked = run({ "query", "--document", path("story.txt"), "--question", "Where is the ferry?", "--keys", "prefix", "--json" });
        QCOMPARE(nlohmann::json::parse(asked.out)["keys"].get<std::string>(), std::string("prefix"));
    }

    void sweepWritesRecordTableAndFigure()
    {
        const Outcome outcome = run(sweepArguments({ "--csv", path("run.csv"), "--figure", path("recall.png"), "--controls", "4" }));
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const RunRecord record = loadRunRecord(path("run.json"));
        QCOMPARE(record.result.cells.size(), std::size_t(6));
        QCOMPARE(record.plan.seed, std::uint64_t(11));
        QCOMPARE(record.result.controls.trials, 4);
        QCOMPARE(record.model.name, std::string(ToyModel().info().name));
        QVERIFY(!record.created.empty() && record.created.back() == 'Z');
        int hits = 0, trials = 0;
        for (const Cell& cell : record.result.cells) {
            hits += cell.hits;
            trials += cell.trials;
        }
        QVERIFY(hits > 0); // the toy model decodes exactly
        QVERIFY2(has(outcome.out, "recall    " + std::to_string(hits) + "/" + std::to_string(trials)), outcome.out.c_str());
        QVERIFY2(has(outcome.out, "controls  "), outcome.out.c_str());
        QVERIFY2(has(outcome.out, "failures  row wrong "), outcome.out.c_str());
        QCOMPARE(contents(path("run.csv")), toCsv(record));
        QVERIFY(!QImage(m_folder->filePath("recall.png")).isNull());
        QVERIFY(outcome.err.empty()); // piped: no progress
    }

    void sweepRepeatsItself()
    {
        QCOMPARE(run(sweepArguments({})).code, 0);
        const std::string first = withoutTimes(contents(path("run.json")));
        QCOMPARE(run(sweepArguments({})).code, 0);
        QCOMPARE(withoutTimes(contents(path("run.json"))), first);
        QVERIFY(has(first, "\"cells\""));
    }

    void pseudoInverseIsAskedAndSwept()
    {
        Outcome outcome = run({ "sweep", "--haystack", path("story.txt"), "--addressing", "pseudo-inverse", "--rows", "9", "--newton", "10", "--newton-scale",
            "1e-5", "--reads", "2", "--lengths", "250", "--depths", "0,100", "--trials", "2", "--out", path("run.json") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const MemorySettings memory = loadRunRecord(path("run.json")).plan.memory;
        QVERIFY(memory.addressing == Addressing::PseudoInverse && memory.keyMemory == KeyMemoryKind::Fixed && memory.inverse == InverseMode::Newton);
        QCOMPARE(memory.rows, Index(9));
        QCOMPARE(memory.newton.steps, 10);
        QCOMPARE(memory.reads, 2);
        outcome = run({ "query", "--document", path("story.txt"), "--addressing", "pseudo-inverse", "--question", "The mail came at nine and there was a letter from Lisbon." });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(has(outcome.out, "answer    The mail came at nine and there was a letter from Lisbon.") && has(outcome.out, "of all rows"), outcome.out.c_str());
        QVERIFY(has(outcome.out, "512 rows"));
    }

    void sweepOnFillerAndNeedles()
    {
        Outcome outcome = run({ "sweep", "--haystack", "filler", "--task", "passkey", "--lengths", "300", "--depths", "50", "--trials", "2", "--out", path("run.json") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY(has(loadRunRecord(path("run.json")).result.haystack.source, "filler"));
        outcome = run({ "sweep", "--haystack", path("story.txt"), "--task", "needle", "--needle", "The vault code is blue heron.", "--prefix",
            "The vault code is", "--lengths", "250", "--depths", "0,100", "--trials", "2", "--path", "naive", "--out", path("run.json") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const RunRecord record = loadRunRecord(path("run.json"));
        QCOMPARE(record.plan.task.needles.at(0).text, std::string("The vault code is blue heron."));
        QCOMPARE(record.result.cells.at(0).hits, record.result.cells.at(0).trials);
        QVERIFY(record.plan.path == SweepPath::Naive);
    }

    void sweepRunsRulersTasks()
    {
        // A haystack of its own; prefix keys reach into the key.
        Outcome outcome = run({ "sweep", "--task", "niah_multikey_2", "--keys", "prefix", "--prefix-tokens", "20", "--lengths", "900",
            "--depths", "0,100", "--trials", "2", "--out", path("run.json"), "--csv", path("run.csv") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY(has(outcome.out, "ruler     100.00"));
        QCOMPARE(outcome.err, std::string());
        RunRecord record = loadRunRecord(path("run.json"));
        QCOMPARE(record.result.haystack.source, std::string("RULER needles"));
        QCOMPARE(record.result.haystack.repeats, 1.0);
        QCOMPARE(record.result.cells.at(0).rulerScore, 1.0);
        QVERIFY(record.plan.reading.byQuestion);
        // One that is given is not used, and that is said.
        outcome = run({ "sweep", "--task", "niah_single_1", "--keys", "prefix", "--haystack", path("story.txt"), "--lengths", "900", "--depths",
            "50", "--trials", "2", "--out", path("run.json") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY(has(outcome.err, "--haystack is not used"));
        QCOMPARE(loadRunRecord(path("run.json")).result.haystack.source, std::string("RULER noise"));
        // Essays come from the user; content keys are what these tasks take by themselves.
        outcome = run({ "sweep", "--task", "niah_single_2", "--lengths", "900", "--depths", "50", "--out", path("run.json") });
        QVERIFY(outcome.code != 0 && has(outcome.err, "--haystack"));
        outcome = run({ "sweep", "--task", "niah_single_2", "--haystack", path("story.txt"), "--lengths", "900", "--depths", "50", "--out", path("run.json") });
        QVERIFY(outcome.code != 0 && has(outcome.err, "content keys"));
        outcome = run({ "sweep", "--task", "niah_single_2", "--haystack", path("story.txt"), "--needle", "A b c.", "--prefix", "A", "--lengths",
            "900", "--depths", "50", "--out", path("run.json") });
        QVERIFY(outcome.code != 0 && has(outcome.err, "--task needle"));
    }

    void contentKeysStandBesideTheirBaselines()
    {
        const std::vector<std::string> arguments { "sweep", "--task", "niah_multiquery", "--haystack", path("story.txt"), "--lengths", "600,1200",
            "--depths", "0,100", "--trials", "2", "--out", path("run.json") };
        const Outcome outcome = runWithContentKeys(arguments);
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const RunRecord record = loadRunRecord(path("run.json"));
        int content = 0;
        for (const Cell& cell : record.result.cells) {
            QVERIFY(cell.foundFirst.has_value());
            content += cell.foundFirst->content;
        }
        QVERIFY2(has(outcome.out, "found first  content " + std::to_string(content) + "/8 = "), outcome.out.c_str());
        for (const char* part : { ", floor ", ", bm25 ", "\n         600         4 ", "\n       1,200         4 ", "; found first " })
            QVERIFY2(has(outcome.out, part), part);
        auto without = arguments;
        without.push_back("--no-baselines");
        const Outcome plain = runWithContentKeys(without);
        QVERIFY2(plain.code == 0 && !has(plain.out, "found first"), plain.out.c_str());
        QVERIFY(!loadRunRecord(path("run.json")).result.cells.at(0).foundFirst.has_value());
    }

    void sweepFailsBeforeComputingWhenItCannotWrite()
    {
        for (const char* flag : { "--out", "--csv", "--figure" }) {
            auto arguments = sweepArguments({});
            const std::string target = path("no-such-folder/x.png");
            if (std::string(flag) == "--out")
                arguments.back() = target;
            else
                arguments.insert(arguments.end(), { flag, target });
            bool opened = false;
            const Outcome outcome = run(arguments, {}, [&opened] { opened = true; });
            QVERIFY(outcome.code != 0);
            QVERIFY2(isOneLine(outcome.err) && has(outcome.err, target), outcome.err.c_str());
            QVERIFY2(!has(outcome.err, ".trial"), outcome.err.c_str());
            QVERIFY2(!opened, flag);
        }
        QVERIFY(!QFileInfo::exists(m_folder->filePath("run.json.trial")));
    }

    void finishedSweepIsKeptWhenItsFolderIsGone()
    {
        const QString later = m_folder->filePath("later"), temporary = m_folder->filePath("temporary");
        QVERIFY(QDir().mkpath(later) && QDir().mkpath(temporary));
        const QByteArray before = qgetenv("TMPDIR");
        qputenv("TMPDIR", temporary.toUtf8());
        auto arguments = sweepArguments({});
        arguments.back() = path("later/run.json");
        const Outcome outcome = run(arguments, {}, [&later] { QDir(later).removeRecursively(); });
        before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
        QVERIFY(outcome.code != 0);
        const QStringList kept = QDir(temporary).entryList(QDir::Files);
        QCOMPARE(kept.size(), 1);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, kept.front().toStdString()), outcome.err.c_str());
        QCOMPARE(loadRunRecord((temporary + "/" + kept.front()).toStdString()).result.cells.size(), std::size_t(6));
    }

    void cancelledSweepLeavesNothing()
    {
        std::stop_source source;
        source.request_stop();
        const Outcome outcome = run(sweepArguments({}), source.get_token());
        QCOMPARE(outcome.code, kExitCancelled);
        QVERIFY2(isOneLine(outcome.err), outcome.err.c_str());
        QVERIFY(!QFileInfo::exists(m_folder->filePath("run.json")));
    }

    void figuresOfARecord()
    {
        QCOMPARE(run(sweepArguments({})).code, 0);
        for (const char* name : { "recall.svg", "recall.pdf", "recall.png" }) {
            const Outcome outcome = run({ "figure", path("run.json"), "--out", path(name), "--width", "500", "--height", "400", "--scale", "1", "--values" });
            QVERIFY2(outcome.code == 0, outcome.err.c_str());
        }
        QCOMPARE(QImage(m_folder->filePath("recall.png")).size(), QSize(500, 400));
        QVERIFY(has(contents(path("recall.svg")), "<svg"));
        QVERIFY(contents(path("recall.pdf")).starts_with("%PDF"));
        const Outcome difference = run({ "figure", path("run.json"), "--minus", path("run.json"), "--out", path("difference.svg") });
        QVERIFY2(difference.code == 0, difference.err.c_str());
    }

    void figureOfSeveralRecords()
    {
        QCOMPARE(run(sweepArguments({})).code, 0);
        QCOMPARE(run({ "sweep", "--task", "niah_single_1", "--keys", "prefix", "--lengths", "900", "--depths", "50", "--trials", "2", "--out",
                       path("ruler.json") }).code, 0);
        const auto draw = [&](const std::string& name, std::vector<std::string> more = {}) {
            more.insert(more.begin(), { "figure", path("run.json"), path("ruler.json"), path("run.json"), "--out", path(name) });
            return run(more);
        };
        const std::string svg = draw("all.svg").code == 0 ? contents(path("all.svg")) : "";
        QVERIFY(has(svg, "niah_single_1") && has(svg, "Passkey, 4 digits") && has(svg, "Recall in 3 runs"));
        QCOMPARE(draw("all.png", { "--width", "700", "--height", "500", "--scale", "1" }).code, 0);
        QCOMPARE(QImage(m_folder->filePath("all.png")).size(), QSize(700, 500));
        QVERIFY(has(draw("no.svg", { "--minus", path("run.json") }).err, "--minus"));
    }

    void infoNamesItsParts()
    {
        const Outcome outcome = run({ "info", "--quick" });
        QCOMPARE(outcome.code, 0);
        for (const char* part : { "Hayloft ", "LibTorch ", "Eigen ", "sentencepiece ", "Qt ", "BLAS ", "threads ", "device         cpu" })
            QVERIFY2(has(outcome.out, part), part);
    }

    void benchPrintsRatios()
    {
        const Outcome outcome = run({ "bench", "--document", path("story.txt"), "--rows", "64", "--queries", "4", "--repeats", "1" });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(has(outcome.out, "of encode)") && has(outcome.out, "of sgemm)"), outcome.out.c_str());
    }

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }

    std::vector<std::string> sweepArguments(const std::vector<std::string>& more) const
    {
        std::vector<std::string> arguments { "sweep", "--haystack", path("story.txt"), "--task", "passkey", "--digits", "4", "--keys",
            "prefix", "--lengths", "200:400:2", "--depths", "0:100:3", "--trials", "3", "--seed", "11" };
        arguments.insert(arguments.end(), more.begin(), more.end());
        arguments.insert(arguments.end(), { "--out", path("run.json") });
        return arguments;
    }

    // All but what may differ from run to run.
    static std::string withoutTimes(const std::string& record)
    {
        auto json = nlohmann::ordered_json::parse(record);
        json.erase("created");
        json.erase("timing");
        return json.dump();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestCli)
#include "tst_cli.moc"
