// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli query --ruler and --questions: answers, scores, files, and what is said when something is wrong.
#include "core/store/RulerFile.h"
#include "tests/cli/CliBench.h"

#include <nlohmann/json.hpp>

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestQuestionFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        write("story.txt", kStory);
    }

    void rulersFilesAreAnswered()
    {
        const std::string lines = rulerLine({ RulerItem::Numbers, true }, { "blue-heron" }, { "7103294" })
            + rulerLine({ RulerItem::Numbers, false }, { "blue-heron", "old-ferry" }, { "7103294", "1199002" });
        write("validation.jsonl", lines);
        const Outcome outcome = runWithContentKeys({ "query", "--ruler", path("validation.jsonl"), "--out", path("niah.jsonl") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        for (const char* part : { "samples   2\n", "ruler     100.00 (string_match_all)", "recall    2/2 = 1.0000", "nulls     0/2", "absent    0/2", "contexts  2 written" })
            QVERIFY2(has(outcome.out, part), outcome.out.c_str());
        QVERIFY(!has(outcome.out, "string_match_part"));
        QVERIFY(outcome.err.empty());
        std::istringstream written(contents(path("niah.jsonl")));
        const auto samples = readRulerFile(path("validation.jsonl"));
        for (const RulerSample& sample : samples) {
            std::string line;
            QVERIFY(std::getline(written, line));
            const auto json = nlohmann::json::parse(line);
            const auto prediction = json["pred"].get<std::string>();
            QCOMPARE(line, rulerPredictionLine(sample, prediction));
            for (const std::string& value : sample.outputs)
                QVERIFY2(has(prediction, value), prediction.c_str());
        }
        // For machines, and with other keys.
        const auto json = nlohmann::json::parse(runWithContentKeys({ "query", "--ruler", path("validation.jsonl"), "--json", "--keys", "prefix",
            "--prefix-tokens", "40" }).out);
        QCOMPARE(json["string_match_all"].get<double>(), 100.0);
        QCOMPARE(json["samples"].get<int>(), 2);
        QCOMPARE(json["keys"].get<std::string>(), std::string("prefix"));
        const Outcome alike = runWithContentKeys({ "query", "--ruler", path("validation.jsonl"), "--keys", "prefix" });
        QVERIFY2(alike.code == 0 && has(alike.err, "--prefix-tokens"), alike.err.c_str());
    }

    void otherRulerTasksAreAskedPlainly()
    {
        nlohmann::json line { { "index", 0 }, { "input", "Documents.\n\nOld Brennan sold his dog in Lisbon. The kite was red.\n\nQuestion: Where did Brennan sell his dog?" },
            { "outputs", { "Lisbon", "Portugal" } }, { "length", 40 }, { "answer_prefix", " Answer:" } };
        write("validation.jsonl", line.dump() + "\n");
        const Outcome outcome = runWithContentKeys({ "query", "--ruler", path("validation.jsonl") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(has(outcome.out, "50.00 (string_match_all)") && has(outcome.out, "100.00 (string_match_part"), outcome.out.c_str());
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, "1 of 1 samples are of no needle task"), outcome.err.c_str());
        const Outcome refused = runWithContentKeys({ "query", "--ruler", path("validation.jsonl"), "--keys", "prefix" });
        QVERIFY2(refused.code != 0 && isOneLine(refused.err) && has(refused.err, "line 1: "), refused.err.c_str());
    }

    void questionFilesAreAnswered()
    {
        write("q.jsonl", R"({"document": "story.txt", "question": "Who counted the coins?", "answers": ["MARTA"]}
{"document": "story.txt", "question": "Where was the letter from?", "answers": "lisbon"}

{"context": "The vault code is blue heron. Nobody knows it.", "question": "What is the vault code?", "answers": ["green", "heron"]}
)");
        const Outcome outcome = runWithContentKeys({ "query", "--questions", path("q.jsonl"), "--out", path("a.jsonl") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        for (const char* part : { "questions 3\n", "recall    2/3 = 0.6667, 95% interval ", "contexts  2 written, " })
            QVERIFY2(has(outcome.out, part), outcome.out.c_str());
        std::istringstream written(contents(path("a.jsonl")));
        std::vector<nlohmann::json> answers;
        for (std::string line; std::getline(written, line);)
            answers.push_back(nlohmann::json::parse(line));
        QCOMPARE(answers.size(), std::size_t(3));
        QCOMPARE(answers[0]["prediction"].get<std::string>(), std::string("Marta counted the coins in the drawer twice."));
        QVERIFY(answers[0]["correct"].get<bool>() && !answers[2]["correct"].get<bool>());
        QCOMPARE(answers[2]["line"].get<int>(), 4);
        QCOMPARE(answers[2]["rows"].dump(), std::string("[0]"));
        QCOMPARE(answers[1]["answers"].dump(), std::string("[\"lisbon\"]"));
    }

    void questionFilesThatFailLeaveNothing_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("names");
        const QString good = R"({"context": "The vault code is blue heron.", "question": "Which code?", "answers": "heron"})" "\n";
        QTest::newRow("damaged later") << good + "{\"context\":" << "line 2";
        QTest::newRow("no word") << good + good + R"({"context": "A b.", "question": "?!", "answers": "b"})" << "line 3: the question has no word";
        QTest::newRow("blank context") << R"({"context": " ", "question": "Who?", "answers": "b"})" << "line 1";
        QTest::newRow("empty document") << good + R"({"document": "empty.txt", "question": "Who?", "answers": "b"})" << "line 2: ";
        QTest::newRow("no document") << R"({"document": "gone.txt", "question": "Who?", "answers": "b"})" << "gone.txt";
        QTest::newRow("nothing") << "\n" << "q.jsonl";
    }

    void questionFilesThatFailLeaveNothing()
    {
        QFETCH(QString, lines);
        QFETCH(QString, names);
        write("empty.txt", "");
        write("q.jsonl", lines.toStdString());
        const Outcome outcome = runWithContentKeys({ "query", "--questions", path("q.jsonl"), "--out", path("a.jsonl") });
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, names.toStdString()), outcome.err.c_str());
        QVERIFY2(outcome.out.empty(), outcome.out.c_str());
        QVERIFY(!QFileInfo::exists(m_folder->filePath("a.jsonl")));
    }

    void questionFilesCheckTheirOut()
    {
        const std::string question = R"({"context": "The vault code is blue heron.", "question": "Which code?", "answers": "heron"})" "\n";
        write("q.jsonl", question);
        for (const std::string& out : { path("no-such-folder/a.jsonl"), path("q.jsonl"), m_folder->path().toStdString() }) {
            bool opened = false;
            const Outcome outcome = run({ "query", "--questions", path("q.jsonl"), "--out", out }, {}, [&opened] { opened = true; }, true);
            QVERIFY2(outcome.code != 0 && isOneLine(outcome.err) && has(outcome.err, out), outcome.err.c_str());
            QVERIFY(!opened);
        }
        QCOMPARE(contents(path("q.jsonl")), question);
        std::stop_source source;
        const Outcome cancelled = run({ "query", "--questions", path("q.jsonl"), "--out", path("a.jsonl") }, source.get_token(),
            [&source] { source.request_stop(); }, true);
        QCOMPARE(cancelled.code, kExitCancelled);
        QVERIFY(!QFileInfo::exists(m_folder->filePath("a.jsonl")));
        const Outcome keyless = run({ "query", "--questions", path("q.jsonl") });
        QVERIFY2(keyless.code != 0 && has(keyless.err, "no content keys"), keyless.err.c_str());
    }

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }

    void write(const std::string& name, const std::string& text) const { std::ofstream(path(name), std::ios::binary | std::ios::trunc) << text; }

    // A sample of a needle task: needles for these keys among others.
    static std::string rulerLine(RulerWording wording, const std::vector<std::string>& keys, const std::vector<std::string>& values)
    {
        std::string input = rulerOpening(wording) + "\n" + kStory + rulerNeedle(wording.value, "red-kite", "5550001") + "\n";
        for (std::size_t i = 0; i < keys.size(); ++i)
            input += rulerNeedle(wording.value, keys[i], values[i]) + "\n";
        const nlohmann::json line { { "index", 7 }, { "input", input + "The clock had stopped.\n" + rulerQuestion(wording, keys) }, { "outputs", values },
            { "length", 512 }, { "answer_prefix", rulerAnswerPrefix(wording, keys) } };
        return line.dump() + "\n";
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestQuestionFiles)
#include "tst_questionfiles.moc"
