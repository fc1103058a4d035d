// SPDX-License-Identifier: GPL-3.0-or-later
// Files of own questions: what they may say, and damage named by line.
#include "core/base/Error.h"
#include "core/store/QuestionFile.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace hayloft;

class TestQuestionFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void contextsAndDocumentsAreRead();
    void damageIsNamed_data();
    void damageIsNamed();
    void emptyFilesAreRefused();

private:
    std::filesystem::path write(const QByteArray& text)
    {
        const std::filesystem::path file = m_path / "questions.jsonl";
        std::ofstream(file, std::ios::binary | std::ios::trunc).write(text.constData(), text.size());
        return file;
    }
    QTemporaryDir m_folder;
    std::filesystem::path m_path;
};

void TestQuestionFile::initTestCase()
{
    m_path = m_folder.path().toStdString();
    std::filesystem::create_directories(m_path / "texts");
    std::ofstream(m_path / "texts" / "sea.txt") << "The sea.";
}

void TestQuestionFile::contextsAndDocumentsAreRead()
{
    const auto samples = readQuestionFile(write(R"({"context": "The sea is wide.\n", "question": "How is it?", "answers": "wide"})"
                                                "\n\n"
                                                R"({"document": "texts/sea.txt", "question": "바다?", "answers": ["a", "b"], "more": 1})"));
    QCOMPARE(samples.size(), std::size_t(2));
    QCOMPARE(samples[0].line, std::int64_t(1));
    QCOMPARE(samples[0].context, std::string("The sea is wide.\n"));
    QVERIFY(samples[0].document.empty());
    QCOMPARE(samples[0].question, std::string("How is it?"));
    QCOMPARE(samples[0].answers, std::vector<std::string> { "wide" });
    QCOMPARE(samples[1].line, std::int64_t(3));
    QVERIFY(samples[1].context.empty());
    QCOMPARE(samples[1].document.string(), (m_path / "texts" / "sea.txt").string());
    QCOMPARE(samples[1].question, std::string("바다?"));
    QCOMPARE(samples[1].answers, (std::vector<std::string> { "a", "b" }));
}

void TestQuestionFile::damageIsNamed_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("no JSON") << QByteArray("context: a") << QByteArray("no JSON object");
    QTest::newRow("neither") << QByteArray(R"({"question": "q", "answers": "a"})") << QByteArray("neither a context nor a document");
    QTest::newRow("both") << QByteArray(R"({"context": "c", "document": "texts/sea.txt", "question": "q", "answers": "a"})")
                          << QByteArray("both a context and a document");
    QTest::newRow("no such document") << QByteArray(R"({"document": "texts/land.txt", "question": "q", "answers": "a"})") << QByteArray("texts/land.txt");
    QTest::newRow("a folder") << QByteArray(R"({"document": "texts", "question": "q", "answers": "a"})") << QByteArray("'document'");
    QTest::newRow("blank context") << QByteArray(R"({"context": " \n", "question": "q", "answers": "a"})") << QByteArray("an empty text 'context'");
    QTest::newRow("no question") << QByteArray(R"({"context": "c", "answers": "a"})") << QByteArray("missing key 'question'");
    QTest::newRow("a number to ask") << QByteArray(R"({"context": "c", "question": 5, "answers": "a"})") << QByteArray("not a text 'question'");
    QTest::newRow("no answers") << QByteArray(R"({"context": "c", "question": "q"})") << QByteArray("missing key 'answers'");
    QTest::newRow("empty answers") << QByteArray(R"({"context": "c", "question": "q", "answers": []})") << QByteArray("no answer 'answers'");
    QTest::newRow("a blank answer") << QByteArray(R"({"context": "c", "question": "q", "answers": ["a", " "]})")
                                    << QByteArray("an empty text 'answers[1]'");
    QTest::newRow("an object to answer") << QByteArray(R"({"context": "c", "question": "q", "answers": {"text": "a"}})")
                                         << QByteArray("not a list 'answers'");
}

void TestQuestionFile::damageIsNamed()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, what);
    try {
        readQuestionFile(write(R"({"context": "c", "question": "q", "answers": "a"})" "\n" + line + "\n"));
        QFAIL("the line was taken");
    } catch (const Error& error) {
        const QByteArray message = error.what();
        QVERIFY2(message.contains(what), message.constData());
        QVERIFY2(message.contains("questions.jsonl, line 2"), message.constData());
        QVERIFY2(!message.contains("hayloft.run"), message.constData());
    }
}

void TestQuestionFile::emptyFilesAreRefused()
{
    QVERIFY_EXCEPTION_THROWN(readQuestionFile(write("\n")), Error);
    QVERIFY_EXCEPTION_THROWN(readQuestionFile(m_path / "none.jsonl"), Error);
}

QTEST_GUILESS_MAIN(TestQuestionFile)
#include "tst_questionfile.moc"
