// SPDX-License-Identifier: GPL-3.0-or-later
// The sentencepiece tokenizer by both routes: exact round trips, spans, and damaged models.
#include "TextFixture.h"

#include "core/base/Error.h"

#include <QTest>

#include <csignal>
#include <fstream>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_tiny = std::make_unique<TinyTokenizer>(); }
    void cleanup()
    {
        for (const char* name : { "HAYLOFT_TOKENIZER", "HAYLOFT_TOKENIZER_HELPER", "HAYLOFT_TOKENIZER_MODULE" })
            qunsetenv(name);
    }

    void specialIds()
    {
        QCOMPARE(tokenizer().padId(), 0);
        QCOMPARE(tokenizer().bosId(), 2);
        QCOMPARE(tokenizer().eosId(), 3);
        QVERIFY(tokenizer().size() >= 256 + 14 && tokenizer().size() <= 500);
        QCOMPARE(tokenizer().decode({ 0, 2, 3 }), std::string());
        QVERIFY(tokenizer().encode("").empty());
        QVERIFY(tokenizer().encodeSpans("").empty());
    }

    void symbolsAreTokensOfTheirOwn()
    {
        const auto ids = tokenizer().encode("4471");
        QVERIFY(ids.size() >= 4);
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(tokenizer().piece(ids[ids.size() - 4 + i]), std::string(1, "4471"[i]));
        const auto quoted = tokenizer().encode("a\",\"b"); // a symbol with the characters that separate symbols
        QVERIFY(std::any_of(quoted.begin(), quoted.end(), [&](int id) { return tokenizer().piece(id) == "\",\""; }));
    }

    void piecesShowTheirSpaces()
    {
        std::string joined;
        for (const int id : tokenizer().encode("the keeper of the harbour"))
            joined += tokenizer().piece(id);
        QCOMPARE(joined, std::string(" the keeper of the harbour"));
    }

    void proseRoundTrips()
    {
        const std::string text = madeUpProse(9, 500);
        const auto ids = tokenizer().encode(text);
        QVERIFY(ids.size() * 2 < text.size()); // words, not bytes
        QVERIFY(tokenizer().decode(ids) == text);
    }

    void hostileTextRoundTrips_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("spaces") << QByteArray("  a   b  ");
        QTest::newRow("space only") << QByteArray(" ");
        QTest::newRow("newlines") << QByteArray("\r\n\n a\r\n");
        QTest::newRow("space mark") << QByteArray("\xE2\x96\x81 a\xE2\x96\x81\xE2\x96\x81");
        QTest::newRow("space mark beside a stand-in") << QByteArray("\xEF\xB7\x90 \xE2\x96\x81 x \xEF\xB7\x91");
        QTest::newRow("unknown mark") << QByteArray("\xE2\x96\x85 <unk> <s> </s> <pad> <0x41>");
        QTest::newRow("zero byte") << QByteArray("a\0b", 3);
        QTest::newRow("fractions and ligatures") << QByteArray("½ ﬁ Å Å");
        for (std::uint64_t seed = 0; seed < 300; ++seed)
            QTest::addRow("random %d", static_cast<int>(seed))
                << QByteArray::fromStdString(hostileText(seed, 1 + static_cast<int>(seed)));
    }
    void hostileTextRoundTrips()
    {
        QFETCH(QByteArray, text);
        const std::string in = text.toStdString();
        const auto ids = tokenizer().encode(in);
        QCOMPARE(QByteArray::fromStdString(tokenizer().decode(ids)), text);

        const auto spans = tokenizer().encodeSpans(in);
        QCOMPARE(spans.size(), ids.size());
        std::size_t at = 0;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            QCOMPARE(spans[i].id, ids[i]);
            QCOMPARE(spans[i].begin, at);
            QVERIFY(spans[i].end >= spans[i].begin);
            at = spans[i].end;
        }
        QCOMPARE(at, in.size());
    }

    void decodeIsAlwaysValid()
    {
        Random random(5);
        for (int round = 0; round < 300; ++round) {
            TokenIds ids;
            for (int i = 0; i < 30; ++i)
                ids.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(tokenizer().size()))));
            QVERIFY(utf8::isValid(tokenizer().decode(ids)));
        }
        const auto emoji = tokenizer().encode("\xF0\x9F\x98\x80"); // bytes of one character, the last missing
        QVERIFY(tokenizer().decode(TokenIds(emoji.begin(), emoji.end() - 1)).ends_with("\xEF\xBF\xBD"));
        QVERIFY_EXCEPTION_THROWN(tokenizer().decode({ tokenizer().size() }), Error);
        QVERIFY_EXCEPTION_THROWN(tokenizer().decode({ -1 }), Error);
        QVERIFY_EXCEPTION_THROWN(tokenizer().piece(1 << 30), Error);
    }

    void helperProcessGivesTheSame()
    {
        qputenv("HAYLOFT_TOKENIZER", "process");
        const auto helper = openSentencePiece(m_tiny->path("tiny.model"));
        QCOMPARE(helper->size(), tokenizer().size());
        for (int id = 0; id < helper->size(); ++id)
            QCOMPARE(helper->piece(id), tokenizer().piece(id));
        for (std::uint64_t seed = 1000; seed < 1100; ++seed) {
            const std::string text = hostileText(seed, 200);
            QVERIFY(helper->encode(text) == tokenizer().encode(text));
            const auto a = helper->encodeSpans(text), b = tokenizer().encodeSpans(text);
            QVERIFY(std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const TokenSpan& x, const TokenSpan& y) {
                return x.id == y.id && x.begin == y.begin && x.end == y.end;
            }));
        }
        const std::string large = madeUpProse(4, 20000);
        QVERIFY(helper->decode(helper->encode(large)) == large);
        m_tiny->train("helper.model", 1);
        QVERIFY(readFile(m_tiny->path("helper.model"), 1 << 24) == readFile(m_tiny->path("tiny.model"), 1 << 24));
    }

    void aHelperThatCannotServeIsAnError()
    {
        qputenv("HAYLOFT_TOKENIZER", "process");
        qputenv("HAYLOFT_TOKENIZER_HELPER", "/bin/true"); // ends at once
        QVERIFY(messageOf([&] { openSentencePiece(m_tiny->path("tiny.model")); }).find("ended") != std::string::npos);
        qputenv("HAYLOFT_TOKENIZER_HELPER", "/nonexistent/helper");
        QVERIFY(messageOf([&] { openSentencePiece(m_tiny->path("tiny.model")); }).find("started") != std::string::npos);
    }

    void aModuleThatCannotBeLoadedIsAnError()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers refuse the module and use the helper process");
#endif
        qputenv("HAYLOFT_TOKENIZER", "module");
        qputenv("HAYLOFT_TOKENIZER_MODULE", "/nonexistent/module.so");
        QVERIFY(messageOf([&] { openSentencePiece(m_tiny->path("tiny.model")); }).find("cannot be loaded")
            != std::string::npos);
    }

    void trainingRepeats()
    {
        m_tiny->train("again.model", 1);
        QVERIFY(readFile(m_tiny->path("again.model"), 1 << 24) == readFile(m_tiny->path("tiny.model"), 1 << 24));
        m_tiny->train("a.model", 2, 200); // sampled lines
        m_tiny->train("b.model", 2, 200);
        QVERIFY(readFile(m_tiny->path("a.model"), 1 << 24) == readFile(m_tiny->path("b.model"), 1 << 24));
        QVERIFY(readFile(m_tiny->path("a.model"), 1 << 24) != readFile(m_tiny->path("tiny.model"), 1 << 24));
    }

    void trainingErrors()
    {
        SentencePieceTraining training;
        QVERIFY_EXCEPTION_THROWN(trainSentencePiece(training, m_tiny->path("x.model")), Error);
        training.inputs = { m_tiny->path("missing.txt") };
        QVERIFY_EXCEPTION_THROWN(trainSentencePiece(training, m_tiny->path("x.model")), Error);
        writeFileAtomically(m_tiny->path("empty.txt"), "");
        training.inputs = { m_tiny->path("empty.txt") };
        QVERIFY_EXCEPTION_THROWN(trainSentencePiece(training, m_tiny->path("x.model")), Error);
        QVERIFY(!std::filesystem::exists(m_tiny->path("x.model")));
    }

    void longLinesAreNotLost()
    {
        std::string line = madeUpProse(1, 3000);
        std::replace(line.begin(), line.end(), '\n', ' ');
        writeFileAtomically(m_tiny->path("line.txt"), line);
        SentencePieceTraining training;
        training.inputs = { m_tiny->path("line.txt") };
        training.vocabularySize = 500;
        trainSentencePiece(training, m_tiny->path("line.model"));
        const auto opened = openSentencePiece(m_tiny->path("line.model"));
        QVERIFY(opened->encode("lighthouse keeper").size() < 8);
    }

    void everyTruncatedModelIsRefused()
    {
        const std::string model = readFile(m_tiny->path("tiny.model"), 1 << 24);
        for (std::size_t size = 0; size < model.size(); size += 1 + model.size() / 150) {
            writeFileAtomically(m_tiny->path("cut.model"), model.substr(0, size));
            const auto message = messageOf([&] { openSentencePiece(m_tiny->path("cut.model")); });
            QVERIFY2(!message.empty(), qPrintable(QString("cut to %1 bytes").arg(size)));
            QVERIFY(message.find("cut.model") != std::string::npos && message.find('\n') == std::string::npos);
        }
    }

    void foreignFilesAreRefused()
    {
        for (const std::string& bytes :
            { std::string("not a model at all"), std::string(100000, '\0'), std::string("{\"model\": 1}"),
                hostileText(3, 5000), std::string("\x0A\x02\x0A\x00\x12\x00\x1A\x00", 8) }) {
            writeFileAtomically(m_tiny->path("foreign.model"), bytes);
            const auto message = messageOf([&] { openSentencePiece(m_tiny->path("foreign.model")); });
            QVERIFY(message.find("foreign.model") != std::string::npos);
        }
        QVERIFY(messageOf([&] { openSentencePiece(m_tiny->path("missing.model")); }).find("does not exist")
            != std::string::npos);
    }

    /// In the helper, so that even a crash in sentencepiece is one error.
    void corruptedModelsNeverCrash()
    {
        qputenv("HAYLOFT_TOKENIZER", "process");
        const std::string model = readFile(m_tiny->path("tiny.model"), 1 << 24);
        Random random(8);
        for (int round = 0; round < 60; ++round) {
            std::string broken = model;
            for (int i = 0; i < 20; ++i)
                broken[random.below(broken.size())] = static_cast<char>(random.below(256));
            writeFileAtomically(m_tiny->path("broken.model"), broken);
            messageOf([&] {
                const auto opened = openSentencePiece(m_tiny->path("broken.model"));
                opened->decode(opened->encode("the keeper of the lighthouse"));
            });
        }
    }

private:
    Tokenizer& tokenizer()
    {
        return *m_tiny->tokenizer;
    }
    std::unique_ptr<TinyTokenizer> m_tiny;
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
