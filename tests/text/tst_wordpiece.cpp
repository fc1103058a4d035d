// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's cased WordPiece tokenizer: each rule by hand, all of them against a plain second writing, and wrong files.
#include "TextFixture.h"
#include "TokenizerFiles.h"

#include "core/text/UnicodeClasses.h"
#include "core/text/WordPieceTokenizer.h"

#include <QTest>

#include <algorithm>

using namespace hayloft;
using namespace hayloft::test;

namespace {

/// The rules once more, on UTF-32 and with Qt's categories: no word cache, no spans, no bytes.
class PlainWordPiece {
public:
    std::vector<std::string> pieces(const std::string& text) const
    {
        const auto input = QString::fromStdString(text).toUcs4();
        std::vector<std::u32string> words(1);
        for (const auto value : input) {
            const auto c = static_cast<char32_t>(value);
            if (isDropped(c))
                continue;
            if (isSpace(c))
                words.emplace_back();
            else if (isAlone(c))
                words.insert(words.end(), { std::u32string(1, c), {} });
            else
                words.back() += c;
        }
        std::vector<std::string> out;
        for (const auto& word : words)
            append(word, out);
        return out;
    }

private:
    static bool isDropped(char32_t c)
    {
        const auto category = QChar::category(c);
        return c != '\t' && c != '\n' && c != '\r'
            && (c == 0xFFFD || category == QChar::Other_Control || category == QChar::Other_Format
                || category == QChar::Other_Surrogate || category == QChar::Other_PrivateUse
                || category == QChar::Other_NotAssigned);
    }
    static bool isSpace(char32_t c)
    {
        return c == '\t' || c == '\n' || c == '\r' || QChar::category(c) == QChar::Separator_Space || c == 0x2028
            || c == 0x2029;
    }
    static bool isAlone(char32_t c)
    {
        const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
        return within(33, 47) || within(58, 64) || within(91, 96) || within(123, 126) || QChar::isPunct(c)
            || within(0x4E00, 0x9FFF) || within(0x3400, 0x4DBF) || within(0x20000, 0x2A6DF) || within(0x2A700, 0x2B73F)
            || within(0x2B740, 0x2B81F) || within(0x2B820, 0x2CEAF) || within(0xF900, 0xFAFF)
            || within(0x2F800, 0x2FA1F);
    }
    static void append(const std::u32string& word, std::vector<std::string>& out)
    {
        const auto& vocabulary = smallWordPieces();
        std::vector<std::string> found;
        for (std::size_t start = 0; start < word.size();) {
            std::size_t end = word.size();
            for (; end > start; --end) {
                const auto part = (start > 0 ? "##" : "")
                    + QString::fromUcs4(word.data() + start, qsizetype(end - start)).toStdString();
                if (std::find(vocabulary.begin(), vocabulary.end(), part) != vocabulary.end()) {
                    found.push_back(part);
                    break;
                }
            }
            if (end == start || word.size() > 100) {
                out.emplace_back("[UNK]");
                return;
            }
            start = end;
        }
        out.insert(out.end(), found.begin(), found.end());
    }
};

} // namespace

class TestWordPiece : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!unicode::isAvailable())
            QSKIP("built without ICU");
        m_tokenizer = openWordPiece(m_files.write("vocab.txt", lines(smallWordPieces())));
    }

    void specialIds()
    {
        QCOMPARE(m_tokenizer->size(), static_cast<int>(smallWordPieces().size()));
        QCOMPARE(m_tokenizer->padId(), 0);
        QCOMPARE(m_tokenizer->bosId(), 3);
        QCOMPARE(m_tokenizer->eosId(), 4);
    }

    void rules_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("pieces");
        const auto row = [](const char* name, const QByteArray& text, const QString& pieces) {
            QTest::newRow(name) << text << pieces.split(' ', Qt::SkipEmptyParts);
        };
        row("empty", "", "");
        row("white space only", " \t\r\n\xC2\xA0\xE3\x80\x80\xE2\x80\xA8", "");
        row("dropped only", QByteArray("\0\x01\xE2\x80\x8B\xEF\xBF\xBD", 8), "");
        row("longest piece first", "unaffable", "un ##aff ##able");
        row("case stays", "The the THE", "The the [UNK]");
        row("accents stay", "é e\xCC\x81", "é e ##\xCC\x81");
        row("whole word unknown", "theX walking", "[UNK] walk ##ing");
        row("ASCII marks and symbols", "a$b+c<d=e>f^g`h|i~j", "a $ b + c < d = e > f ^ g ` h | i ~ j");
        row("brackets and underscore", "[a]#_", "[ a ] # _");
        row("Unicode punctuation",
            "a\xE2\x80\x94"
            "b\xE3\x80\x82",
            "a \xE2\x80\x94 b \xE3\x80\x82");
        row("other symbols are letters",
            "1\xE2\x82\xAC"
            "1",
            "1 ##\xE2\x82\xAC ##1");
        row("emoji are letters", "a\xF0\x9F\x98\x80\xF0\x9F\x98\x80", "a ##\xF0\x9F\x98\x80 ##\xF0\x9F\x98\x80");
        row("ideographs stand alone",
            "a\xE6\xBC\xA2\xE5\xAD\x97"
            "b",
            "a \xE6\xBC\xA2 \xE5\xAD\x97 b");
        row("kana do not", "\xE3\x81\x8B\xE3\x81\x8B", "\xE3\x81\x8B ##\xE3\x81\x8B");
        row("nor Hangul", "\xED\x95\x9C\xED\x95\x9C", "[UNK]");
        row("zero width space joins",
            "un\xE2\x80\x8B"
            "aff\xC2\xAD"
            "able",
            "un ##aff ##able");
        row("form feed and separators of information join",
            "th\x0C"
            "e un\x1C"
            "a\x1F"
            "ff",
            "the un ##aff");
        row("next line joins",
            "th\xC2\x85"
            "e",
            "the");
        row("no-break and ideographic space part", "the\xC2\xA0the\xE3\x80\x80the", "the the the");
        row("line and paragraph separators part", "the\xE2\x80\xA8the\xE2\x80\xA9the", "the the the");
        row("replacement character and zero join", QByteArray("t\xEF\xBF\xBDh\0e", 7), "the");
        row("private use and unassigned join",
            "t\xEE\x80\x80h\xF4\x8F\xBF\xBF"
            "e",
            "the");
        row("invalid bytes join",
            "t\xFFh\xE2\x82"
            "e\xC0\xAF",
            "the");
        row("100 letters", QByteArray(100, 'a'), "a" + QString(" ##a").repeated(99));
        row("101 letters", QByteArray(101, 'a') + " the", "[UNK] the");
        row("100 letters of two bytes", QByteArray("\xC3\xA9").repeated(100), "é" + QString(" ##é").repeated(99));
        row("101 letters of two bytes", QByteArray("\xC3\xA9").repeated(101), "[UNK]");
        row("dropped characters do not count", QByteArray("a\xE2\x80\x8B").repeated(100),
            "a" + QString(" ##a").repeated(99));
        row("special tokens", "the[SEP]the [CLS] [MASK][PAD] [UNK]", "the [SEP] the [CLS] [MASK] [PAD] [UNK]");
        row("special tokens within words", "un[SEP]aff", "un [SEP] a ##f ##f");
        row("nearly special tokens", "[sep] [SE [[SEP]]", "[ s ##e ##p ] [ [UNK] [ [SEP] ]");
        row("not made special by dropping",
            "[S\xE2\x80\x8B"
            "EP]",
            "[ [UNK] ]");
        row("continuation mark in the text", "##ing", "# # i ##n ##g");
        row("apostrophe", "the'the", "the ' the");
    }
    void rules()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, pieces);
        QStringList found;
        for (const int id : m_tokenizer->encode(text.toStdString()))
            found << QString::fromStdString(smallWordPieces()[static_cast<std::size_t>(id)]);
        QCOMPARE(found, pieces);
        stretches(*m_tokenizer, text.toStdString());
    }

    void spansTakeWhatGaveNoToken()
    {
        const auto found = stretches(*m_tokenizer,
            "  the un\xE2\x80\x8B"
            "aff, \xE2\x80\x8B"
            "walk[SEP] \n");
        const std::vector<std::string> expected = { "  the", " un",
            "\xE2\x80\x8B"
            "aff",
            ",",
            " \xE2\x80\x8B"
            "walk",
            "[SEP] \n" };
        QVERIFY(found == expected);
        QVERIFY((stretches(*m_tokenizer,
                     "a THE\xE2\x80\x8B"
                     "X b")
            == std::vector<std::string> { "a",
                " THE\xE2\x80\x8B"
                "X",
                " b" }));
        QVERIFY((stretches(*m_tokenizer, "e\xCC\x81\xE2\x80\x8B\xE2\x80\x8B\xCC\x81") // cut at characters
            == std::vector<std::string> { "e", "\xCC\x81", "\xE2\x80\x8B\xE2\x80\x8B\xCC\x81" }));
    }

    void sameAsThePlainRules()
    {
        const PlainWordPiece plain;
        Random random(4);
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            const std::string text = withOldCharactersOnly(hostileText(seed, 1 + static_cast<int>(seed)));
            std::vector<std::string> found;
            for (const int id : m_tokenizer->encode(text))
                found.push_back(smallWordPieces()[static_cast<std::size_t>(id)]);
            if (found != plain.pieces(text))
                QFAIL(qPrintable(QString("differs for seed %1").arg(seed)));
            stretches(*m_tokenizer, text);
        }
    }

    void decodes()
    {
        const auto decoded = [&](const std::string& text) { return m_tokenizer->decode(m_tokenizer->encode(text)); };
        QCOMPARE(decoded("  the unaffable walking. "), std::string("the unaffable walking ."));
        QCOMPARE(decoded("the [SEP] the [UNK] [PAD][CLS][MASK]"), std::string("the the [UNK] [MASK]"));
        QCOMPARE(m_tokenizer->decode({}), std::string());
        QCOMPARE(m_tokenizer->decode({ 7, 8 }), std::string("##affable")); // nothing to go on from
        QCOMPARE(m_tokenizer->piece(7), std::string("aff"));
        QCOMPARE(m_tokenizer->piece(11), std::string(" the"));
        QCOMPARE(m_tokenizer->piece(3), std::string("[CLS]"));
        for (const int id : { -1, m_tokenizer->size(), 1 << 30 }) {
            QVERIFY_EXCEPTION_THROWN(m_tokenizer->decode({ id }), Error);
            QVERIFY_EXCEPTION_THROWN(m_tokenizer->piece(id), Error);
        }
    }

    void moreWordsThanTheCacheHolds()
    {
        const auto fresh = openWordPiece(m_files.path("vocab.txt"));
        std::string all;
        for (int i = 0; i < 150000; ++i) { // 65,536 slots
            std::string word;
            for (int rest = i; rest > 0; rest /= 26)
                word += static_cast<char>('a' + rest % 26);
            all += word + " ";
        }
        const auto ids = fresh->encode(all + all);
        QVERIFY(std::equal(
            ids.begin(), ids.begin() + std::ptrdiff_t(ids.size() / 2), ids.begin() + std::ptrdiff_t(ids.size() / 2)));
        QCOMPARE(fresh->decode(ids) + " ", all.substr(1) + all.substr(1)); // the first word is empty
    }

    void hugeWordsTakeLinearTime()
    {
        const std::string million(1 << 20, 'a');
        QCOMPARE(m_tokenizer->encode(million), TokenIds { 2 });
        QCOMPARE(m_tokenizer->encode(std::string(1 << 20, '#')).size(), std::size_t { 1 } << 20);
        std::string holes;
        for (int i = 0; i < 300000; ++i)
            holes += "a\xE2\x80\x8B";
        QCOMPARE(stretches(*m_tokenizer, holes).size(), std::size_t { 1 });
        QVERIFY(m_tokenizer->encode(std::string(1 << 20, ' ')).empty());
        std::string brackets(1 << 20, '[');
        QCOMPARE(m_tokenizer->encode(brackets).size(), std::size_t { 1 } << 20);
    }

    void linesMayEndAsOnWindows()
    {
        const auto opened = openWordPiece(m_files.write("crlf.txt", lines(smallWordPieces(), "\r\n")));
        QVERIFY(opened->encode("the unaffable") == m_tokenizer->encode("the unaffable"));
    }

    void wrongFiles()
    {
        const auto refused = [&](const std::string& bytes, const char* what) {
            return isClear(messageOf([&] { openWordPiece(m_files.write("bad.txt", bytes)); }), "bad.txt", what);
        };
        const std::string good = lines(smallWordPieces());
        QVERIFY(isClear(messageOf([&] { openWordPiece(m_files.path("none.txt")); }), "none.txt", "does not exist"));
        QVERIFY(!messageOf([&] { openWordPiece(m_files.path("")); }).empty());
        QVERIFY(refused("", "empty"));
        QVERIFY(refused(good.substr(0, good.size() - 1), "cut"));
        QVERIFY(refused(good + "the\n", "repeats"));
        QVERIFY(refused(good + "\n", "is empty"));
        QVERIFY(refused(good + "\xFF\n", "UTF-8"));
        QVERIFY(refused("{\"!\": 0}\n", "lacks"));
        for (const char* special : { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }) {
            auto pieces = smallWordPieces();
            std::erase(pieces, special);
            QVERIFY(refused(lines(pieces), special));
        }
        auto uncased = smallWordPieces();
        std::erase_if(uncased, [](const std::string& piece) { return piece == "The" || piece == "San"; });
        QVERIFY(refused(lines(uncased), "uncased"));
        QVERIFY(refused(std::string(100000, '\0') + "\n", "lacks"));
    }

    void everyFileCutWithinALineIsRefused()
    {
        const std::string good = lines(smallWordPieces());
        for (std::size_t size = 0; size < good.size(); ++size)
            if (size == 0 || good[size - 1] != '\n') {
                const auto message = messageOf([&] { openWordPiece(m_files.write("cut.txt", good.substr(0, size))); });
                QVERIFY(isClear(message, "cut.txt", "vocabulary"));
            }
    }

private:
    /// Qt's tables and ICU's may be of different versions of Unicode: nothing newer than 13.
    static std::string withOldCharactersOnly(const std::string& text)
    {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const auto c = utf8::codePointAt(text, at);
            const auto version = QChar::unicodeVersion(c.value);
            if (version != QChar::Unicode_Unassigned && version <= QChar::Unicode_13_0)
                utf8::append(out, c.value);
            at += c.size;
        }
        return out;
    }

    TokenizerFiles m_files;
    std::unique_ptr<Tokenizer> m_tokenizer;
};

QTEST_GUILESS_MAIN(TestWordPiece)
#include "tst_wordpiece.moc"
