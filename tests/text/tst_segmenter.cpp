// SPDX-License-Identifier: GPL-3.0-or-later
// Segments tile any text, keep the token limit, and end where sentences do.
#include "TextFixture.h"

#include "core/base/Error.h"
#include "core/text/Segmenter.h"
#include "core/text/TextBoundaries.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestSegmenter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_tiny = std::make_unique<TinyTokenizer>(); }

    void sentences_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* name, const QString& text, const QStringList& expected) {
            QTest::newRow(name) << text << expected;
        };
        row("passkey", "The pass key is 4471. Remember it. 4471 is the pass key.",
            { "The pass key is 4471.", "Remember it.", "4471 is the pass key." });
        row("titles", "Mr. Smith met Dr. Jones on St. John Street. They spoke.",
            { "Mr. Smith met Dr. Jones on St. John Street.", "They spoke." });
        row("abbreviations", "Use a tool, e.g. a saw, i.e. this one. See fig. 3 and no. 7 etc. for more.",
            { "Use a tool, e.g. a saw, i.e. this one.", "See fig. 3 and no. 7 etc. for more." });
        row("no is a word too", "He said no. Then he left.", { "He said no.", "Then he left." });
        row("initials", "J. R. R. Tolkien wrote it. It was I. Then he slept.",
            { "J. R. R. Tolkien wrote it.", "It was I.", "Then he slept." });
        row("decimals", "Pi is 3.14 or so. It costs $5.50. Go to example.com now.",
            { "Pi is 3.14 or so.", "It costs $5.50.", "Go to example.com now." });
        row("dotted", "The U.S. Army came at 5 p.m. on Monday. He lives in the U.S. He likes it.",
            { "The U.S. Army came at 5 p.m. on Monday.", "He lives in the U.S.", "He likes it." });
        row("quotes", "\"Stop!\" he said. “Why?” “No reason.” (It was late.) She left.",
            { "\"Stop!\" he said.", "“Why?”", "“No reason.”", "(It was late.)", "She left." });
        row("ellipsis", "Well... perhaps not. Wait… Now go?! Yes.",
            { "Well... perhaps not.", "Wait…", "Now go?!", "Yes." });
        row("small letters", "the key is 4471. remember it. it is 4471.",
            { "the key is 4471.", "remember it.", "it is 4471." });
        row("Chinese", "今天天气很好。我们去公园吧！好吗？好的。",
            { "今天天气很好。", "我们去公园吧！", "好吗？", "好的。" });
        row("Japanese quote", "「行こう。」彼は言った。", { "「行こう。」", "彼は言った。" });
        row("Korean", "비밀번호는 4471입니다. 기억하세요. 감사합니다!",
            { "비밀번호는 4471입니다.", "기억하세요.", "감사합니다!" });
        row("Arabic", "كيف حالك؟ أنا بخير.", { "كيف حالك؟", "أنا بخير." });
        row("Russian", "Он пришёл. Она ушла.", { "Он пришёл.", "Она ушла." });
        row("list", "1. First thing\n2. Second thing\n- third", { "1. First thing", "2. Second thing", "- third" });
        row("lines are paragraphs", "Heading one\nThis is a line. And more\nThird line",
            { "Heading one", "This is a line.", "And more", "Third line" });
        row("blank line", "No stop here\n\nAnother paragraph", { "No stop here", "Another paragraph" });
        row("CRLF", "No stop here\r\n\r\nAnother one.\r\nLast", { "No stop here", "Another one.", "Last" });
        row("references", "It was shown.[12] Then more.", { "It was shown.[12]", "Then more." });
    }
    void sentences()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, expected);
        const std::string bytes = text.toStdString();
        std::size_t begin = 0;
        QStringList found;
        auto boundaries = findTextBoundaries(bytes, LineBreaks::Auto);
        boundaries.push_back({ bytes.size(), true });
        for (const auto& boundary : boundaries) {
            found += QString::fromStdString(bytes.substr(begin, trimmedEnd(bytes, begin, boundary.at) - begin));
            begin = boundary.at;
        }
        QCOMPARE(found, expected);
    }

    void oneSentenceIsOneSegment()
    {
        const auto segments = segmentText("The pass key is 4471. Remember it. 4471 is the pass key.", tokenizer(), {});
        QCOMPARE(segments.size(), std::size_t { 3 });
        QCOMPARE(segments[1].begin, std::size_t { 22 });
    }

    void wrappedProseIsJoined()
    {
        const std::string text = "The keeper of the lighthouse walked slowly to the harbour and wrote every\n"
                                 "Name in his book while the storm came over the hills where the old farms\n"
                                 "Stood near the river. She carried bread from the market with seven of the\n"
                                 "Lanterns before night fell on the town.\n\nThe end came soon.\n";
        QCOMPARE(detectLineBreaks(text), LineBreaks::Wrap);
        const auto segments = segmentText(text, tokenizer(), { SegmenterKind::Sentence, 200 });
        QCOMPARE(segments.size(), std::size_t { 3 });
        QCOMPARE(segmentText(text, tokenizer(), { SegmenterKind::Paragraph, 200 }).size(), std::size_t { 2 });
    }

    void oneParagraphALineIsNotJoined()
    {
        std::string text;
        for (std::uint64_t i = 0; i < 50; ++i) {
            std::string paragraph = madeUpProse(i, 2 + static_cast<int>(i % 7));
            std::replace(paragraph.begin(), paragraph.end(), '\n', ' ');
            text += paragraph + "\n";
        }
        QCOMPARE(detectLineBreaks(text), LineBreaks::EndParagraphs);
        QCOMPARE(segmentText(text, tokenizer(), { SegmenterKind::Paragraph, 100000 }).size(), std::size_t { 50 });
    }

    void hostileTexts_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("maxTokens");
        for (const int kind : { 0, 1, 2 })
            for (const int maxTokens : { 6, 17, 64, 100000 })
                QTest::addRow("%s %d", std::string(nameOf(static_cast<SegmenterKind>(kind))).c_str(), maxTokens)
                    << kind << maxTokens;
    }
    void hostileTexts()
    {
        QFETCH(int, kind);
        QFETCH(int, maxTokens);
        const SegmenterOptions options { static_cast<SegmenterKind>(kind), maxTokens };
        std::vector<std::string> texts = { "", " ", "\r\n\r\n", "a", ".", "...",
            "\xEF\xBB\xBF"
            "a",
            "  a  ", "a" + std::string(40000, ' ') + "b", std::string(40000, '.'), std::string(40000, 'a'),
            "x\n" + std::string(33000, '\n') + "y" };
        for (std::uint64_t seed = 0; seed < 80; ++seed)
            texts.push_back(hostileText(seed, 3 * static_cast<int>(seed)));
        std::string emoji, prose = madeUpProse(2, 400);
        for (int i = 0; i < 9000; ++i)
            emoji += "\xF0\x9F\x98\x80";
        std::erase_if(prose, [](char c) { return c == '.' || c == '?' || c == '\n'; });
        texts.push_back(emoji);
        texts.push_back(prose);
        for (const auto& text : texts)
            verifySegments(text, options);
    }

    void longSentencesAreCutInBalance()
    {
        std::string text = "A";
        for (int i = 0; i < 130; ++i)
            text += " keeper";
        for (const auto& segment : segmentText(text, tokenizer(), { SegmenterKind::Sentence, 64 })) {
            QVERIFY(segment.tokens.size() >= 20);
            QVERIFY(text[segment.contentBegin] == 'k' || segment.begin == 0); // between words
        }
    }

    void clausesArePreferred()
    {
        std::string text = "The";
        for (int i = 0; i < 100; ++i)
            text += i % 20 == 19 ? " storm;" : " storm";
        const auto segments = segmentText(text, tokenizer(), { SegmenterKind::Sentence, 64 });
        QVERIFY(segments.size() > 1);
        for (std::size_t i = 0; i + 1 < segments.size(); ++i)
            QCOMPARE(text[segments[i].contentEnd - 1], ';');
    }

    void tokensKindFillsSegments()
    {
        const std::string text = madeUpProse(6, 300);
        const auto segments = segmentText(text, tokenizer(), { SegmenterKind::Tokens, 32 });
        std::size_t full = 0;
        for (const auto& segment : segments)
            full += segment.tokens.size() >= 30 ? 1 : 0;
        QVERIFY(full * 10 > segments.size() * 9);
    }

    void piecesCutAtSentencesHaveTheSameSegments()
    {
        const std::string text
            = madeUpProse(11, 120) + "Mr. Smith saw 12. He left. 3. It was I. " + madeUpProse(12, 30);
        const std::size_t odd = text.find("Mr.");
        const SegmenterOptions options { SegmenterKind::Sentence, 64, LineBreaks::Wrap };
        const auto whole = segmentText(text, tokenizer(), options);
        const auto boundaries = findTextBoundaries(text, options.lineBreaks);
        for (std::size_t k = 0; k < boundaries.size(); ++k) {
            const auto& boundary = boundaries[k];
            if (k % 9 != 0 && (boundary.at + 100 < odd || boundary.at > odd + 100)) // all about the odd stops
                continue;
            const auto head = segmentText(text.substr(0, boundary.at), tokenizer(), options);
            const auto tail = segmentText(text.substr(boundary.at), tokenizer(), options);
            QCOMPARE(head.size() + tail.size(), whole.size());
            for (std::size_t i = 0; i < whole.size(); ++i) {
                const bool first = i < head.size();
                const auto& part = first ? head[i] : tail[i - head.size()];
                QCOMPARE(part.begin + (first ? 0 : boundary.at), whole[i].begin);
                QVERIFY(part.tokens == whole[i].tokens);
            }
        }
    }

    void largeTexts()
    {
        const std::string line(300 << 10, 'x');
        const auto segments = segmentText(line, tokenizer(), {});
        QCOMPARE(segments.back().end, line.size());
        std::string prose = madeUpProse(21, 8000);
        std::replace(prose.begin(), prose.end(), '\n', ' ');
        QCOMPARE(segmentText(prose, tokenizer(), {}).back().end, prose.size());
    }

    void refusals()
    {
        QVERIFY_EXCEPTION_THROWN(segmentText("a", tokenizer(), { SegmenterKind::Sentence, 1 }), Error);
        QVERIFY_EXCEPTION_THROWN(segmentText("\xF0\x9F\x98\x80", tokenizer(), { SegmenterKind::Sentence, 3 }), Error);
        QVERIFY_EXCEPTION_THROWN(segmenterKindFromName("words"), Error);
        for (const auto kind : { SegmenterKind::Sentence, SegmenterKind::Tokens, SegmenterKind::Paragraph })
            QVERIFY(segmenterKindFromName(nameOf(kind)) == kind);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(segmentText("a b c", tokenizer(), {}, { stop.get_token(), {} }), Cancelled);
    }

private:
    void verifySegments(const std::string& text, const SegmenterOptions& options)
    {
        const auto segments = segmentText(text, tokenizer(), options);
        const bool blank = skipSpaces(text, 0) == text.size();
        std::size_t at = 0;
        for (const auto& segment : segments) {
            QCOMPARE(segment.begin, at);
            QVERIFY(segment.begin < segment.end);
            QVERIFY(segment.begin <= segment.contentBegin && segment.contentEnd <= segment.end);
            QVERIFY(utf8::isBoundary(text, segment.end));
            const std::string content = text.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin);
            QCOMPARE(content.empty(), blank);
            QVERIFY(segment.tokens == tokenizer().encode(content));
            QVERIFY(segment.tokens.size() <= static_cast<std::size_t>(options.maxTokens));
            QVERIFY(tokenizer().decode(segment.tokens) == content);
            // White space is at the end of a range, and at its start only in the first.
            QCOMPARE(skipSpaces(text, segment.begin), segment.contentBegin);
            QCOMPARE(segment.contentBegin == segment.begin || segment.begin == 0, true);
            QCOMPARE(skipSpaces(text, segment.contentEnd), blank ? text.size() : segment.end);
            at = segment.end;
        }
        QCOMPARE(at, text.size());
    }

    Tokenizer& tokenizer() { return *m_tiny->tokenizer; }
    std::unique_ptr<TinyTokenizer> m_tiny;
};

QTEST_GUILESS_MAIN(TestSegmenter)
#include "tst_segmenter.moc"
