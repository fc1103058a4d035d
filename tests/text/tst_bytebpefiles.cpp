// SPDX-License-Identifier: GPL-3.0-or-later
// Missing, cut and wrong files of a byte-level BPE tokenizer: each one clear line.
#include "TokenizerFiles.h"

#include "core/base/Random.h"
#include "core/text/ByteBpeTokenizer.h"
#include "core/text/UnicodeClasses.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestByteBpeFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!unicode::isAvailable())
            QSKIP("built without ICU");
        m_pieces = smallBytePieces();
        m_files.write("vocab.json", vocabJson(m_pieces));
        m_files.write("merges.txt", mergesTxt(smallMerges()));
        m_tokenizer = openByteBpe(m_files.path("vocab.json"), m_files.path("merges.txt"));
    }

    void wrongVocabularies()
    {
        const auto refused = [&](const std::string& bytes, const char* what) {
            m_files.write("bad.json", bytes);
            return isClear(messageOf([&] { openByteBpe(m_files.path("bad.json"), m_files.path("merges.txt")); }),
                "bad.json", what);
        };
        const std::string good = vocabJson(m_pieces);
        QVERIFY(isClear(messageOf([&] { openByteBpe(m_files.path("none.json"), m_files.path("merges.txt")); }),
            "none.json", "does not exist"));
        QVERIFY(refused("", "cut"));
        QVERIFY(refused("[1, 2]", "object"));
        QVERIFY(refused("{}", "object"));
        QVERIFY(refused("{\"a\": \"b\"}", "ids"));
        QVERIFY(refused("{\"a\": -1}", "ids"));
        QVERIFY(refused("{\"a\": 0.5}", "ids"));
        QVERIFY(refused("{\"a\": 18446744073709551615}", "ids"));
        QVERIFY(refused("{\"a\": 0, \"b\": 0}", "ids"));
        QVERIFY(refused("{\"a\": 0, \"b\": 2}", "ids"));
        QVERIFY(refused("{\"a\": 0, \"\": 1}", "bytes"));
        QVERIFY(refused("{\"a b\": 0}", "bytes"));
        QVERIFY(refused("{\"a\": 0}", "lacks byte"));
        QVERIFY(refused("{\"model\": {\"vocab\": {}}}", "ids")); // a tokenizer.json
        QVERIFY(refused(std::string(200000, '['), "cut"));
        auto pieces = m_pieces;
        pieces.pop_back();
        QVERIFY(refused(vocabJson(pieces), "<|endoftext|>"));
        QVERIFY(refused(good.substr(0, good.size() / 2), "cut"));
        for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 100)
            QVERIFY(refused(good.substr(0, size), "cut"));
    }

    void wrongMerges()
    {
        const auto refused = [&](const std::string& bytes, const char* what) {
            m_files.write("bad.txt", bytes);
            return isClear(
                messageOf([&] { openByteBpe(m_files.path("vocab.json"), m_files.path("bad.txt")); }), "bad.txt", what);
        };
        const std::string good = mergesTxt(smallMerges());
        QVERIFY(isClear(messageOf([&] { openByteBpe(m_files.path("vocab.json"), m_files.path("none.txt")); }),
            "none.txt", "does not exist"));
        QVERIFY(refused("", "#version"));
        QVERIFY(refused(good.substr(good.find('\n') + 1), "#version"));
        QVERIFY(refused(good + "a\n", "two pieces"));
        QVERIFY(refused(good + "a a a\n", "two pieces"));
        QVERIFY(refused(good + "\n", "two pieces"));
        QVERIFY(refused(good + "a \n", "two pieces"));
        QVERIFY(refused(good + "a \xE6\xBC\xA2\n", "two pieces of bytes"));
        QVERIFY(refused(good + "a \xFF\n", "two pieces of bytes"));
        QVERIFY(refused(good + "x y\n", "lacks"));
        QVERIFY(refused(good + "a a\n", "repeats"));
        for (std::size_t size = 0; size < good.size(); ++size) // at the end of a line, too
            QVERIFY(refused(good.substr(0, size), size < 8 ? "#version" : "cut"));
        const auto opened = openByteBpe(m_files.path("vocab.json"),
            m_files.write("crlf.txt", QByteArray::fromStdString(good).replace("\n", "\r\n").toStdString()));
        QVERIFY(opened->encode("the hello") == m_tokenizer->encode("the hello"));
    }

    void filesOfOtherTokenizersAreRefused()
    {
        const auto vocab = m_files.path("vocab.json"), merges = m_files.path("merges.txt");
        QVERIFY(!messageOf([&] { openByteBpe(merges, vocab); }).empty());
        QVERIFY(
            !messageOf([&] { openByteBpe(m_files.write("pieces.txt", lines(smallWordPieces())), merges); }).empty());
        Random random(8);
        const std::string good = vocabJson(m_pieces);
        for (int round = 0; round < 200; ++round) { // may open, must not crash
            std::string broken = good;
            for (int i = 0; i < 5; ++i)
                broken[random.below(broken.size())] = static_cast<char>(random.below(256));
            messageOf([&] { openByteBpe(m_files.write("broken.json", broken), merges)->encode("the hello"); });
        }
    }

private:
    TokenizerFiles m_files;
    std::vector<std::string> m_pieces;
    std::unique_ptr<Tokenizer> m_tokenizer;
};

QTEST_GUILESS_MAIN(TestByteBpeFiles)
#include "tst_bytebpefiles.moc"
