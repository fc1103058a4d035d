// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's files: old and new data lines, prompts taken apart, predictions, damage named by line.
#include "core/base/Error.h"
#include "core/store/RulerFile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace hayloft;

namespace {

const char* const kSingleInput
    = "A special magic number is hidden within the following text. Make sure to memorize it. I will quiz you about the "
      "number afterwards.\nThe sea is wide.\nOne of the special magic numbers for old-car is: 1234567.\nIt is deep.\n"
      "What is the special magic number for old-car mentioned in the provided text?";
const char* const kSinglePrefix = " The special magic number for old-car mentioned in the provided text is";
const char* const kSingleContext = "The sea is wide.\nOne of the special magic numbers for old-car is: 1234567.\nIt is deep.";

QByteArray jsonLine(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + "\n";
}

RulerSample sampleOf(const std::string& input, const std::string& prefix = "")
{
    RulerSample sample;
    sample.line = 3;
    sample.index = 99;
    sample.input = input;
    sample.outputs = { "1234567" };
    sample.length = 250;
    sample.answerPrefix = prefix;
    return sample;
}

} // namespace

class TestRulerFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newerAndOlderLinesAreRead();
    void longLinesAreRead();
    void samplesComeOneByOne();
    void damageIsNamed_data();
    void damageIsNamed();
    void missingFilesAreNamed();
    void needlePromptsAreTakenApart_data();
    void needlePromptsAreTakenApart();
    void queriesAreFound_data();
    void queriesAreFound();
    void otherTasksAskInTheLastLine_data();
    void otherTasksAskInTheLastLine();
    void predictionsHaveRulersFields();
    void predictionsAreWritten();

private:
    std::filesystem::path write(const QByteArray& text)
    {
        const std::filesystem::path file = std::filesystem::path(m_folder.path().toStdString()) / "validation.jsonl";
        std::ofstream(file, std::ios::binary | std::ios::trunc).write(text.constData(), text.size());
        return file;
    }
    QTemporaryDir m_folder;
};

void TestRulerFile::newerAndOlderLinesAreRead()
{
    const QByteArray newer = jsonLine({ { "index", 152 }, { "input", kSingleInput }, { "outputs", QJsonArray { "1234567" } },
                                        { "length", 260 }, { "length_w_model_temp", 270 },
                                        { "answer_prefix", kSinglePrefix }, { "token_position_answer", 41 } });
    const QByteArray older = jsonLine({ { "index", 1 }, { "input", "a b" }, { "outputs", QJsonArray { "x", "y" } }, { "length", 7 } });
    const auto samples = readRulerFile(write("\xEF\xBB\xBF" + newer + "\n \r\n" + older.trimmed() + "\r\n" + newer.trimmed()));
    QCOMPARE(samples.size(), std::size_t(3));
    QCOMPARE(samples[0].line, std::int64_t(1));
    QCOMPARE(samples[0].index, std::int64_t(152));
    QCOMPARE(samples[0].input, std::string(kSingleInput));
    QCOMPARE(samples[0].outputs, std::vector<std::string> { "1234567" });
    QCOMPARE(samples[0].length, std::int64_t(260));
    QCOMPARE(samples[0].answerPrefix, std::string(kSinglePrefix));
    QCOMPARE(samples[0].tokenPositionAnswer.value_or(-1), std::int64_t(41));
    QCOMPARE(samples[1].line, std::int64_t(4)); // blank lines count
    QCOMPARE(samples[1].outputs, (std::vector<std::string> { "x", "y" }));
    QCOMPARE(samples[1].length, std::int64_t(7));
    QCOMPARE(samples[1].answerPrefix, std::string());
    QVERIFY(!samples[1].tokenPositionAnswer);
    QCOMPARE(samples[2].line, std::int64_t(5)); // the same index as the first, another line
    QCOMPARE(samples[2].index, samples[0].index);
    const auto bare = readRulerFile(write(R"({"index": -1, "input": "q", "output": "x"})"));
    QCOMPARE(bare[0].outputs, std::vector<std::string> { "x" });
    QCOMPARE(bare[0].length, std::int64_t(-1));
}

void TestRulerFile::longLinesAreRead()
{
    // The sizes around a block of the reader, and some MB.
    for (const int size : { 65400, 65533, 65534, 65535, 65536, 131070, 131071, 5'000'000 }) {
        QByteArray line = R"({"index": 0, "outputs": ["x"], "input": ")";
        const int text = size - static_cast<int>(line.size()) - 2;
        line += QByteArray(text, 'a') + "\"}";
        QCOMPARE(line.size(), size);
        const auto samples = readRulerFile(write(line + "\n" + line));
        QCOMPARE(samples.size(), std::size_t(2));
        QCOMPARE(samples[0].input.size(), std::size_t(text));
        QCOMPARE(samples[1].input.size(), std::size_t(text));
        QCOMPARE(samples[1].line, std::int64_t(2));
    }
}

void TestRulerFile::samplesComeOneByOne()
{
    const auto file = write(R"({"index": 0, "input": "a", "outputs": ["x"]})" "\n" "broken\n");
    std::vector<std::string> seen;
    QVERIFY_EXCEPTION_THROWN(visitRulerFile(file, [&](RulerSample&& sample) { seen.push_back(sample.input); }), Error);
    QCOMPARE(seen, std::vector<std::string> { "a" });
}

void TestRulerFile::damageIsNamed_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("cut off") << QByteArray(R"({"index": 1, "input": "a)") << QByteArray("no JSON object");
    QTest::newRow("a list") << QByteArray("[1]") << QByteArray("no JSON object");
    QTest::newRow("two objects") << QByteArray("{} {}") << QByteArray("no JSON object");
    QTest::newRow("bad UTF-8") << QByteArray("{\"index\": 1, \"input\": \"\xFF\", \"outputs\": [\"x\"]}") << QByteArray("no JSON object");
    QTest::newRow("no input") << QByteArray(R"({"index": 1, "outputs": ["x"]})") << QByteArray("missing key 'input'");
    QTest::newRow("no index") << QByteArray(R"({"input": "a", "outputs": ["x"]})") << QByteArray("missing key 'index'");
    QTest::newRow("no outputs") << QByteArray(R"({"index": 1, "input": "a"})") << QByteArray("missing key 'output'");
    QTest::newRow("empty outputs") << QByteArray(R"({"index": 1, "input": "a", "outputs": []})") << QByteArray("no expected answer 'outputs'");
    QTest::newRow("a number for a text") << QByteArray(R"({"index": 1, "input": "a", "outputs": ["x", 5]})") << QByteArray("not a text 'outputs[1]'");
    QTest::newRow("a text for outputs") << QByteArray(R"({"index": 1, "input": "a", "outputs": "x"})") << QByteArray("not a list 'outputs'");
    QTest::newRow("huge length") << QByteArray(R"({"index": 1, "input": "a", "outputs": ["x"], "length": 1e300})") << QByteArray("'length'");
    QTest::newRow("null prefix") << QByteArray(R"({"index": 1, "input": "a", "outputs": ["x"], "answer_prefix": null})") << QByteArray("not a text 'answer_prefix'");
}

void TestRulerFile::damageIsNamed()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, what);
    const auto file = write(R"({"index": 0, "input": "a", "outputs": ["x"]})" "\n\n" + line + "\n");
    try {
        readRulerFile(file);
        QFAIL("the line was taken");
    } catch (const Error& error) {
        const QByteArray message = error.what();
        QVERIFY2(message.contains(what), message.constData());
        QVERIFY2(message.contains("validation.jsonl, line 3"), message.constData());
        QVERIFY2(!message.contains('\n') && !message.contains("hayloft.run"), message.constData());
    }
}

void TestRulerFile::missingFilesAreNamed()
{
    const std::filesystem::path folder = m_folder.path().toStdString();
    QVERIFY_EXCEPTION_THROWN(readRulerFile(folder / "nothing.jsonl"), Error);
    QVERIFY_EXCEPTION_THROWN(readRulerFile(folder), Error);
    QVERIFY_EXCEPTION_THROWN(readRulerFile(write("\n \n")), Error);
    QVERIFY_EXCEPTION_THROWN(readRulerFile(write("")), Error);
}

void TestRulerFile::needlePromptsAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<bool>("older"); // the answer prefix is in the input
    QTest::newRow("base, newer") << QByteArray() << QByteArray() << false;
    QTest::newRow("base, older") << QByteArray() << QByteArray() << true;
    QTest::newRow("meta-chat, newer") << QByteArray("[INST] ") << QByteArray(" [/INST]") << false;
    QTest::newRow("meta-chat, older") << QByteArray("[INST] ") << QByteArray(" [/INST]") << true;
    QTest::newRow("Phi3, newer") << QByteArray("<|user|>\n") << QByteArray("<|end|>\n<|assistant|>\n") << false;
    QTest::newRow("Phi3, older") << QByteArray("<|user|>\n") << QByteArray("<|end|>\n<|assistant|>\n") << true;
    QTest::newRow("lwm-chat") << QByteArray("You is a helpful assistant. USER: ") << QByteArray(" ASSISTANT: ") << false;
}

void TestRulerFile::needlePromptsAreTakenApart()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(bool, older);
    const std::string prompt = before.toStdString() + kSingleInput + after.toStdString();
    for (const bool oneLine : { false, true }) { // RULER's --remove_newline_tab
        std::string input = older ? prompt + kSinglePrefix : prompt, context = kSingleContext;
        if (oneLine) {
            std::replace(input.begin(), input.end(), '\n', ' ');
            std::replace(context.begin(), context.end(), '\n', ' ');
        }
        const RulerPrompt parts = splitRulerInput(sampleOf(input, older ? "" : kSinglePrefix));
        QVERIFY(parts.wording.has_value());
        QVERIFY(parts.wording->single && parts.wording->value == RulerItem::Numbers);
        QCOMPARE(parts.opening.size(), std::size_t(before.size()) + rulerOpening(*parts.wording).size());
        QVERIFY(parts.opening.ends_with(rulerOpening(*parts.wording)));
        QCOMPARE(parts.context, context);
        QCOMPARE(parts.question, std::string("What is the special magic number for old-car mentioned in the provided text?"));
        QCOMPARE(parts.queries, std::vector<std::string> { "old-car" });
        QCOMPARE(parts.closing.size(), std::size_t(after.size()));
        QCOMPARE(parts.answerPrefix, std::string(kSinglePrefix));
        const std::string space = oneLine ? " " : "\n";
        QCOMPARE(parts.opening + space + parts.context + space + parts.question + parts.closing + (older ? parts.answerPrefix : ""),
                 input);
    }
}

void TestRulerFile::queriesAreFound_data()
{
    QTest::addColumn<int>("item");
    QTest::addColumn<QStringList>("queries");
    const int numbers = static_cast<int>(RulerItem::Numbers), uuids = static_cast<int>(RulerItem::Uuids);
    QTest::newRow("one key, four values") << numbers << QStringList { "old-car" };
    QTest::newRow("two") << numbers << QStringList { "old-car", "and-other" };
    QTest::newRow("four") << numbers << QStringList { "a-b", "and-c", "d-and", "e-f" };
    QTest::newRow("uuids") << uuids << QStringList { "0b1e8ba6-0c1c-4ae4-8f86-7d5b0e5e1d7a", "5a4d8ba6-0c1c-4ae4-8f86-7d5b0e5e1d7b" };
    QTest::newRow("words") << static_cast<int>(RulerItem::Words) << QStringList { "1234567", "7654321", "1111111" };
}

void TestRulerFile::queriesAreFound()
{
    QFETCH(int, item);
    QFETCH(QStringList, queries);
    std::vector<std::string> keys;
    for (const QString& query : queries)
        keys.push_back(query.toStdString());
    const RulerWording wording { static_cast<RulerItem>(item), false };
    // Questions inside the context are not the prompt's.
    const std::vector<std::string> decoy { "no-key" };
    const std::string context = "Stone.\n" + rulerQuestion({ RulerItem::Numbers, true }, decoy) + "\n"
        + rulerQuestion(wording, decoy) + "\nSand.";
    const RulerPrompt parts
        = splitRulerInput(sampleOf(rulerOpening(wording) + "\n" + context + "\n" + rulerQuestion(wording, keys)));
    QVERIFY(parts.wording && parts.wording->value == wording.value && !parts.wording->single);
    QCOMPARE(parts.queries, keys);
    QCOMPARE(parts.opening, rulerOpening(wording));
    QCOMPARE(parts.context, context);
    QCOMPARE(parts.answerPrefix, std::string());
}

void TestRulerFile::otherTasksAskInTheLastLine_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("context");
    QTest::addColumn<QByteArray>("question");
    QTest::newRow("another task") << QByteArray("Read.\n\nText.\nQuestion: Which?") << QByteArray("Read.\n\nText.") << QByteArray("Question: Which?");
    QTest::newRow("line feeds at the end") << QByteArray("Text.\nWhich? \n\n") << QByteArray("Text.") << QByteArray("Which?");
    QTest::newRow("one line") << QByteArray("Which?") << QByteArray() << QByteArray("Which?");
    QTest::newRow("nothing") << QByteArray() << QByteArray() << QByteArray();
    QTest::newRow("half a needle question") << QByteArray("Text.\nWhat is the special magic number for") << QByteArray("Text.")
                                            << QByteArray("What is the special magic number for");
}

void TestRulerFile::otherTasksAskInTheLastLine()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, context);
    QFETCH(QByteArray, question);
    const RulerPrompt parts = splitRulerInput(sampleOf(input.toStdString(), " Answer:"));
    QVERIFY(!parts.wording && parts.queries.empty() && parts.opening.empty());
    QCOMPARE(QByteArray::fromStdString(parts.context), context);
    QCOMPARE(QByteArray::fromStdString(parts.question), question);
    QCOMPARE(parts.answerPrefix, std::string(" Answer:"));
}

void TestRulerFile::predictionsHaveRulersFields()
{
    const RulerSample sample = sampleOf("a\n\xC3\xA9", " is");
    const std::string wanted(R"({"index":99,"pred":" 12\n\"34\"\ufffd","input":"a\n\u00e9 is","outputs":["1234567"],)"
                             R"("others":{"id":3},"truncation":-1,"length":250})");
    QCOMPARE(rulerPredictionLine(sample, " 12\n\"34\"\xC3"), wanted); // an answer that stops inside a character
}

void TestRulerFile::predictionsAreWritten()
{
    const std::filesystem::path file = std::filesystem::path(m_folder.path().toStdString()) / "niah_single_1.jsonl";
    const std::vector<RulerSample> samples { sampleOf("a"), sampleOf("b", " c") };
    const std::vector<std::string> predictions { "one", "" };
    writeRulerPredictions(file, samples, predictions);
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    QCOMPARE(text, rulerPredictionLine(samples[0], "one") + "\n" + rulerPredictionLine(samples[1], "") + "\n");
    const auto back = readRulerFile(file); // the fields that both kinds of file share
    QCOMPARE(back.size(), std::size_t(2));
    QCOMPARE(back[1].input, std::string("b c"));
    QCOMPARE(back[1].outputs, samples[1].outputs);
    QVERIFY_EXCEPTION_THROWN(writeRulerPredictions(file, samples, std::vector<std::string> { "one" }), Error);
    QVERIFY_EXCEPTION_THROWN(writeRulerPredictions(file.parent_path() / "no" / "x.jsonl", samples, predictions), Error);
    QCOMPARE(readRulerFile(file).size(), std::size_t(2)); // a failure left it alone
}

QTEST_GUILESS_MAIN(TestRulerFile)
#include "tst_rulerfile.moc"
