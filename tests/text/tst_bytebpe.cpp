// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's byte-level BPE tokenizer: each rule by hand, and all of them against a plain second writing.
#include "TextFixture.h"
#include "TokenizerFiles.h"

#include "core/text/ByteBpeTokenizer.h"
#include "core/text/BytePairMerger.h"
#include "core/text/DecodeCleanup.h"
#include "core/text/Gpt2Words.h"
#include "core/text/UnicodeClasses.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace hayloft;
using namespace hayloft::test;

namespace {

/// GPT-2's expression, with Unicode's White_Space written out: what \s means differs between libraries.
const QRegularExpression& wordExpression()
{
    static const QString kSpace
        = "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
          "\\x{205f}\\x{3000}";
    static const QRegularExpression kExpression(
        QString("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^%1\\p{L}\\p{N}]+|[%1]+(?![^%1])|[%1]+").arg(kSpace),
        QRegularExpression::UseUnicodePropertiesOption);
    return kExpression;
}

/// By the rule, on strings: the earliest merge that any pair has, wherever it stands, and again.
std::vector<std::string> plainMerge(
    const std::string& word, const std::vector<std::pair<std::string, std::string>>& merges)
{
    std::vector<std::string> parts;
    for (const char byte : word)
        parts.emplace_back(1, byte);
    for (;;) {
        auto best = merges.end();
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            best = std::min(best, std::find(merges.begin(), merges.end(), std::pair(parts[i], parts[i + 1])));
        if (best == merges.end())
            return parts;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            if (parts[i] == best->first && parts[i + 1] == best->second) {
                parts[i] += parts[i + 1];
                parts.erase(parts.begin() + std::ptrdiff_t(i) + 1);
            }
    }
}

/// QString::fromStdString would take U+FEFF at the beginning for a byte order mark.
QString toQString(const std::string& text)
{
    return QString::fromStdString("x" + text).mid(1);
}

/// The tokens of a text without added tokens, as bytes.
std::vector<std::string> plainTokens(const std::string& text)
{
    QString stripped = toQString(text);
    const auto isStripped = [](QChar c) {
        return wordExpression().match(c).hasMatch() && (c.isSpace() || (c >= u'\x1C' && c <= u'\x1F'));
    };
    while (!stripped.isEmpty() && isStripped(stripped.front()))
        stripped.remove(0, 1);
    while (!stripped.isEmpty() && isStripped(stripped.back()))
        stripped.chop(1);
    std::vector<std::string> out;
    if (stripped.isEmpty())
        return out;
    for (auto words = wordExpression().globalMatch(" " + stripped); words.hasNext();) {
        const auto parts = plainMerge(words.next().captured().toStdString(), smallMerges());
        out.insert(out.end(), parts.begin(), parts.end());
    }
    return out;
}

/// Nothing of newer Unicode than 13: Qt's, PCRE's and ICU's tables may be of different versions.
std::string withOldCharactersOnly(const std::string& text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8::codePointAt(text, at);
        const auto version = QChar::unicodeVersion(c.value);
        if (version != QChar::Unicode_Unassigned && version <= QChar::Unicode_13_0 && c.value != 0x180E)
            utf8::append(out, c.value);
        at += c.size;
    }
    return out;
}

} // namespace

class TestByteBpe : public QObject {
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

    void addedTokensComeLast()
    {
        const int vocabulary = static_cast<int>(m_pieces.size());
        QCOMPARE(vocabulary, 256 + static_cast<int>(smallMerges().size()) + 1);
        QCOMPARE(m_tokenizer->padId(), vocabulary);
        QCOMPARE(m_tokenizer->bosId(), vocabulary + 1);
        QCOMPARE(m_tokenizer->eosId(), vocabulary + 2);
        QCOMPARE(m_tokenizer->size(), vocabulary + 3);
        auto pieces = m_pieces; // unless they are there
        pieces.push_back("<BOS>");
        const auto opened = openByteBpe(m_files.write("bos.json", vocabJson(pieces)), m_files.path("merges.txt"));
        QCOMPARE(opened->bosId(), vocabulary);
        QCOMPARE(opened->padId(), vocabulary + 1);
        QCOMPARE(opened->eosId(), vocabulary + 2);
    }

    void rules_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("tokens"); // as bytes; added tokens by name
        using List = QByteArrayList;
        QTest::newRow("empty") << QByteArray() << List {};
        QTest::newRow("white space only") << QByteArray(" \t\n\x1C\x1F\xC2\x85\xC2\xA0\xE3\x80\x80") << List {};
        QTest::newRow("a space is put in front") << QByteArray("the") << List { " the" };
        QTest::newRow("where one was, too") << QByteArray(" the ") << List { " the" };
        QTest::newRow("words take their space") << QByteArray("the hello the") << List { " the", " hello", " the" };
        QTest::newRow("double space") << QByteArray("the  the") << List { " the", " ", " the" };
        QTest::newRow("more spaces") << QByteArray("the     the") << List { " the", "  ", "  ", " the" };
        QTest::newRow("line ends") << QByteArray("the\n\nhello") << List { " the", "\n", "\n", "hello" };
        QTest::newRow("three line ends") << QByteArray("the\n\n\nhello") << List { " the", "\n\n", "\n", "hello" };
        QTest::newRow("line ends and a space") << QByteArray("the\n\n hello") << List { " the", "\n\n", " hello" };
        QTest::newRow("contractions") << QByteArray("the're'stuff") << List { " the", "'re", "'s", "t", "u", "f", "f" };
        QTest::newRow("with capitals they are none") << QByteArray("the'S") << List { " the", "'", "S" };
        QTest::newRow("after a space they are none") << QByteArray("the 's") << List { " the", " ", "'", "s" };
        QTest::newRow("numbers apart from letters") << QByteArray("a12a") << List { " a", "12", "a" };
        QTest::newRow("other digits are numbers") << QByteArray("1\xC2\xB2") << List { " 1", "\xC2", "\xB2" };
        QTest::newRow("marks run on") << QByteArray("the.. ..'s") << List { " the", "..", " ", "..", "'", "s" };
        QTest::newRow("bytes of characters")
            << QByteArray("\xC3\xA9\xE6\xBC\xA2") << List { " ", "\xC3\xA9", "\xE6\xBC", "\xA2" };
        QTest::newRow("combining marks are no letters") << QByteArray("a\xCC\x81"
                                                                      "a")
                                                        << List { " a", "\xCC", "\x81", "a" };
        QTest::newRow("zero") << QByteArray("a\0a", 3) << List { " a", QByteArray(1, '\0'), "a" };
        QTest::newRow("separators of information are stripped") << QByteArray("\x1C the\x1F") << List { " the" };
        QTest::newRow("but are marks within") << QByteArray("a\x1C"
                                                            "a")
                                              << List { " a", "\x1C", "a" };
        QTest::newRow("invalid bytes are marks") << QByteArray("a\xFF\xC3") << List { " a", "\xFF", "\xC3" };
        QTest::newRow("the earliest merge first") << QByteArray("bcd") << List { " ", "bcd" };
        QTest::newRow("from the left") << QByteArray("_aaa") << List { " ", "_", "aa", "a" };
        QTest::newRow("powers of two") << QByteArray("_aaaaaaaaaaa") << List { " ", "_", "aaaaaaaa", "aa", "a" };
        QTest::newRow("BOS") << QByteArray("<BOS>the") << List { "<BOS>", " the" };
        QTest::newRow("BOS and spaces") << QByteArray(" <BOS> the ") << List { "<BOS>", " the" };
        QTest::newRow("all added tokens") << QByteArray("a <PAD><EOS> \n<|endoftext|> <BOS>")
                                          << List { " a", "<PAD>", "<EOS>", "<|endoftext|>", "<BOS>" };
        QTest::newRow("each piece gets a space") << QByteArray("the<EOS>the") << List { " the", "<EOS>", " the" };
        QTest::newRow("nearly added tokens") << QByteArray("<<BOS>>") << List { " ", "<", "<BOS>", " ", ">" };
    }
    void rules()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, tokens);
        QByteArrayList found;
        for (const int id : m_tokenizer->encode(text.toStdString()))
            found << QByteArray::fromStdString(id < static_cast<int>(m_pieces.size())
                    ? m_pieces[static_cast<std::size_t>(id)]
                    : m_tokenizer->piece(id));
        QCOMPARE(found, tokens);
        stretches(*m_tokenizer, text.toStdString());
    }

    void spansTakeWhatGaveNoToken()
    {
        using List = std::vector<std::string>;
        QVERIFY((stretches(*m_tokenizer, "  the the \n<BOS>  hello \t ")
            == List { "  the", " the", " \n<BOS>", "  hello \t " }));
        // A character that is cut belongs to its last token; so does the space in front when it stands alone.
        QVERIFY((stretches(*m_tokenizer, "\xE6\xBC\xA2\xC3\xA9") == List { "", "", "\xE6\xBC\xA2", "\xC3\xA9" }));
        QVERIFY((stretches(*m_tokenizer, "\xFF\xBF\xBF\xBF\xBF\xBF").size() == 7));
    }

    void wordsAsByGpt2sExpression()
    {
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            std::string text = withOldCharactersOnly(hostileText(seed + 5000, 1 + static_cast<int>(seed)));
            const char* const tails[] = { "'s", "'ll'", " 're", "'v e", "'d1", "\n \n", "'" };
            text += tails[seed % 7];
            std::vector<std::string> expected, found;
            for (auto words = wordExpression().globalMatch(toQString(text)); words.hasNext();)
                expected.push_back(words.next().captured().toStdString());
            for (std::size_t at = 0; at < text.size();) {
                const auto end = gpt2WordEnd(text, at);
                found.push_back(text.substr(at, end - at));
                at = end;
            }
            if (found != expected)
                QFAIL(qPrintable(QString("differs for seed %1").arg(seed)));
        }
    }

    void sameAsThePlainRules()
    {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            std::string text = withOldCharactersOnly(hostileText(seed, 1 + static_cast<int>(seed)));
            text += seed % 2 ? " the hellohello aaaaaabcdaa 1212" : "";
            std::vector<std::string> found;
            for (const int id : m_tokenizer->encode(text))
                found.push_back(m_pieces[static_cast<std::size_t>(id)]);
            if (found != plainTokens(text))
                QFAIL(qPrintable(QString("differs for seed %1").arg(seed)));
            stretches(*m_tokenizer, text);
        }
    }

    /// Also where a merge brings about an earlier one, which trained merges never do.
    void anyMergesAsByTheRule()
    {
        Random random(3);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::string> symbols = { "a", "b", "c" };
            std::vector<std::pair<std::string, std::string>> merges;
            for (int i = 0; i < 14; ++i) {
                const std::pair pair(symbols[random.below(symbols.size())], symbols[random.below(symbols.size())]);
                if (std::find(merges.begin(), merges.end(), pair) != merges.end())
                    continue;
                merges.push_back(pair);
                if (std::find(symbols.begin(), symbols.end(), pair.first + pair.second) == symbols.end())
                    symbols.push_back(pair.first + pair.second);
            }
            for (std::size_t i = merges.size() - 1; i > 0; --i)
                std::swap(merges[i], merges[random.below(i + 1)]);
            const auto idOf = [&](const std::string& symbol) {
                return static_cast<int>(std::find(symbols.begin(), symbols.end(), symbol) - symbols.begin());
            };
            std::vector<BytePairMerge> byId;
            for (const auto& [left, right] : merges)
                byId.push_back({ idOf(left), idOf(right), idOf(left + right) });
            BytePairMerger merger(byId);
            std::string word;
            for (auto left = random.below(60); left > 0; --left)
                word += static_cast<char>('a' + random.below(3));
            std::vector<int> ids, expected;
            for (const char c : word)
                ids.push_back(c - 'a');
            merger.merge(ids);
            for (const auto& part : plainMerge(word, merges))
                expected.push_back(idOf(part));
            QCOMPARE(ids, expected);
        }
    }

    void decodesToTheBytes()
    {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            std::string text = hostileText(seed, 1 + static_cast<int>(seed)) + ".";
            text.insert(0, 1, 'x'); // nothing to strip
            QCOMPARE(m_tokenizer->decode(m_tokenizer->encode(text)), " " + text);
        }
        QCOMPARE(m_tokenizer->decode(m_tokenizer->encode("<BOS>the<PAD>.<EOS>")), std::string(" the ."));
        QCOMPARE(m_tokenizer->decode(m_tokenizer->encode("<|endoftext|>")), std::string("<|endoftext|>"));
    }

    void decodesInvalidBytesByParts_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("decoded"); // ? for U+FFFD; by the table in Unicode's chapter 3.9 and by Python
        QTest::newRow("cut") << QByteArray("\xE2\x82") << QByteArray("?");
        QTest::newRow("cut, then a letter") << QByteArray("\xF0\x9F\x98"
                                                          "a")
                                            << QByteArray("?a");
        QTest::newRow("alone") << QByteArray("\x80\xBF\xFF") << QByteArray("???");
        QTest::newRow("overlong") << QByteArray("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
                                                "A")
                                  << QByteArray("????????A");
        QTest::newRow("surrogates") << QByteArray("\xED\xA0\x80\xED\xBF\xBF\xED\xAF"
                                                  "A")
                                    << QByteArray("????????A");
        QTest::newRow("too large") << QByteArray("\xF4\x91\x92\x93\xFF"
                                                 "A\x80\xBF"
                                                 "B")
                                   << QByteArray("?????A??B");
        QTest::newRow("truncated") << QByteArray("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
                                                 "A")
                                   << QByteArray("????A");
    }
    void decodesInvalidBytesByParts()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, decoded);
        const auto ids = m_tokenizer->encode("x" + bytes.toStdString());
        QCOMPARE(QByteArray::fromStdString(m_tokenizer->decode(ids)), " x" + decoded.replace("?", "\xEF\xBF\xBD"));
    }

    void aControlTokenPartsBytes()
    {
        const auto euro = m_tokenizer->encode("x\xC3\xA8"); // " ", "x", two bytes
        TokenIds ids = euro;
        QCOMPARE(ids.size(), std::size_t { 4 });
        ids.insert(ids.begin() + 3, m_tokenizer->bosId());
        QCOMPARE(m_tokenizer->decode(ids), std::string(" x\xEF\xBF\xBD\xEF\xBF\xBD"));
    }

    void decodeIsAlwaysValid()
    {
        Random random(5);
        for (int round = 0; round < 500; ++round) {
            TokenIds ids;
            for (int i = 0; i < 30; ++i)
                ids.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(m_tokenizer->size()))));
            QVERIFY(utf8::isValid(m_tokenizer->decode(ids)));
            for (const int id : ids)
                QVERIFY(utf8::isValid(m_tokenizer->piece(id)));
        }
        QCOMPARE(m_tokenizer->piece(m_tokenizer->encode("the")[0]), std::string(" the"));
        QCOMPARE(m_tokenizer->piece(m_tokenizer->encode("\xE2\x82\xAC")[1]), std::string("<0xE2>"));
        for (const int id : { -1, m_tokenizer->size(), 1 << 30 }) {
            QVERIFY_EXCEPTION_THROWN(m_tokenizer->decode({ id }), Error);
            QVERIFY_EXCEPTION_THROWN(m_tokenizer->piece(id), Error);
        }
    }

    void cleansUp()
    {
        QCOMPARE(cleanedUp(" Well , he did n't say : I do not . Did he ? Yes !"),
            std::string(" Well, he didn't say : I don't. Did he? Yes!"));
        QCOMPARE(cleanedUp("I 'm , you 've , they 're , it 's"), std::string("I'm, you've, they're, it's"));
        QCOMPARE(cleanedUp("a ' ' c '  ' d"), std::string("a'' c''d")); // from the left, no overlaps
        QCOMPARE(cleanedUp("do not"), std::string("do not")); // needs the space
        QCOMPARE(cleanedUp(" . ."), std::string(".."));
        QCOMPARE(cleanedUp("x ' .y"), std::string("x '.y")); // " ." goes first
        QCOMPARE(cleanedUp(""), std::string());
    }

    void hugeWordsAreNotQuadratic()
    {
        // 2^20 a's merge to runs of sixteen.
        QCOMPARE(m_tokenizer->encode("_" + std::string(1 << 20, 'a')).size(), std::size_t { 2 } + (1 << 20) / 16);
        QCOMPARE(m_tokenizer->encode(std::string(1 << 20, 'x')).size(), std::size_t { 1 } + (1 << 20));
        std::string letters, mixed;
        Random random(1);
        while (letters.size() < 1 << 20)
            letters += static_cast<char>('a' + random.below(12));
        QCOMPARE(m_tokenizer->decode(m_tokenizer->encode(letters)), " " + letters);
        const std::string spaces = "a" + std::string(1 << 20, ' ') + "a";
        QCOMPARE(m_tokenizer->encode(spaces).size(), std::size_t { 2 } + (1 << 19)); // an odd run of them, in pairs
        QCOMPARE(stretches(*m_tokenizer, std::string(1 << 20, '\xBF')).size(), std::size_t { 1 } + (1 << 20));
        QCOMPARE(m_tokenizer->encode(std::string(1 << 20, '<')).size(), std::size_t { 1 } + (1 << 20));
    }

private:
    TokenizerFiles m_files;
    std::vector<std::string> m_pieces;
    std::unique_ptr<Tokenizer> m_tokenizer;
};

QTEST_GUILESS_MAIN(TestByteBpe)
#include "tst_bytebpe.moc"
