// SPDX-License-Identifier: GPL-3.0-or-later
// The text of the document panel: search as a user types it, large and hostile texts, layout.
#include "tests/widgets/DocumentPanelFixture.h"
#include "widgets/document/BlockLayout.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QTest>
#include <random>

using namespace hayloft;
using namespace hayloft::test;

class TestDocumentText : public DocumentPanelFixture {
    Q_OBJECT
private:
    void search(const QString& text)
    {
        QTest::keyClick(view(), Qt::Key_F, Qt::ControlModifier);
        auto* edit = named<QLineEdit>(m_panel.get(), QStringLiteral("Find in document"));
        QVERIFY(edit && edit->isVisible());
        edit->clear();
        QTest::keyClicks(edit, text);
    }

private Q_SLOTS:
    void init() { m_panel = std::make_unique<DocumentPanel>(); }
    void cleanup() { m_panel.reset(); }

    void searchStepsAndWraps()
    {
        show(sample(200)); // "Amber" in segments 7, 47, 87, 127, 167
        search(QStringLiteral("amber"));
        const auto status = [this] { return label("Search hits").left(6); };
        QTRY_COMPARE(status(), QStringLiteral("1 of 5"));
        auto* edit = named<QLineEdit>(m_panel.get(), QStringLiteral("Find in document"));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(status(), QStringLiteral("2 of 5"));
        QTest::keyClick(edit, Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("3 of 5"));
        QVERIFY(!view()->visibleRect(87).isEmpty());
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Next hit"))->click();
        QTest::keyClick(view(), Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("5 of 5"));
        QTest::keyClick(view(), Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("1 of 5"));
        QTest::keyClick(view(), Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(status(), QStringLiteral("5 of 5"));
        QVERIFY(!view()->visibleRect(167).isEmpty());
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Previous hit"))->click();
        QCOMPARE(status(), QStringLiteral("3 of 5"));
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!edit->isVisible());
    }

    void searchOptions()
    {
        show(sample(200));
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Find"))->click();
        QVERIFY(named<QLineEdit>(m_panel.get(), QStringLiteral("Find in document"))->isVisible());
        search(QStringLiteral("amber"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Match case"))->click();
        QTRY_COMPARE(label("Search hits"), QStringLiteral("no hits"));
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Match case"))->click();
        search(QStringLiteral("amb.r"));
        QTRY_COMPARE(label("Search hits"), QStringLiteral("no hits"));
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Regular expression"))->click();
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        search(QStringLiteral("segment 1\\d tells"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 10")));
        search(QStringLiteral("(amber"));
        QTRY_VERIFY(label("Search error").contains(QStringLiteral("Invalid expression")));
        QVERIFY(named<QLabel>(m_panel.get(), QStringLiteral("Search error"))->isVisible());
        search(QStringLiteral("Amber"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        QVERIFY(!named<QLabel>(m_panel.get(), QStringLiteral("Search error"))->isVisible());
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Close search"))->click();
        QVERIFY(!named<QLineEdit>(m_panel.get(), QStringLiteral("Find in document"))->isVisible());
    }

    void searchFindsTheRightBytes()
    {
        // Characters of one to four bytes and a byte order mark, against a search of the bytes themselves.
        const std::vector<std::string> parts = {"a", "\n", " ", "\xC3\xA9", "\xEA\xB0\x80", "\xF0\x9F\x8C\xBE", "\xEF\xBB\xBF", "key"};
        std::mt19937 random(7);
        const std::atomic<bool> cancelled = false;
        for (int round = 0; round < 50; ++round) {
            std::string text = round % 2 ? "\xEF\xBB\xBF" : "";
            for (int i = 0; i < 400; ++i)
                text += parts[random() % parts.size()];
            const SearchResult result = searchText(text, {QStringLiteral("key"), false, true}, cancelled);
            std::vector<std::size_t> expected;
            for (auto at = text.find("key"); at != std::string::npos; at = text.find("key", at + 3))
                expected.push_back(at);
            QCOMPARE(result.hits.size(), expected.size());
            for (std::size_t i = 0; i < expected.size(); ++i) {
                QCOMPARE(result.hits[i].begin, expected[i]);
                QCOMPARE(result.hits[i].end, expected[i] + 3);
            }
        }
        const SearchResult folded = searchText("two\n words here", {QStringLiteral("two words"), false, false}, cancelled);
        QCOMPARE(folded.hits.size(), std::size_t{1});
        QCOMPARE(folded.hits[0].end, std::size_t{10});
    }

    void largeOneLineText_data()
    {
        QTest::addColumn<int>("megabytes");
        QTest::newRow("cut at once") << 3;
        QTest::newRow("cut on a worker") << 6;
    }

    void largeOneLineText()
    {
        QFETCH(int, megabytes);
        auto text = std::make_shared<std::string>();
        auto segments = std::make_shared<std::vector<SegmentView>>();
        while (text->size() < static_cast<std::size_t>(megabytes) << 20) {
            const std::size_t begin = text->size();
            *text += "A sentence with number " + std::to_string(segments->size()) + ". ";
            segments->push_back({begin, text->size(), 7, -1, 0, false});
        }
        const auto last = static_cast<qint64>(segments->size()) - 1;
        show({text, segments, 7 * (last + 1), QStringLiteral("large"), {}});
        m_panel->setCurrentSegment(last / 2);
        QTRY_VERIFY(!view()->visibleRect(last / 2).isEmpty());
        for (const int width : {400, 700, 520}) {
            m_panel->resize(width, 640);
            QTest::qWait(1);
        }
        QTest::keyClick(view(), Qt::Key_End);
        QCOMPARE(m_panel->currentSegment(), last);
        QVERIFY(!view()->visibleRect(last).isEmpty());
        QTest::keyClick(view(), Qt::Key_Home);
        QVERIFY(!view()->visibleRect(0).isEmpty());
        // Thousands of blocks, of which only those that came into view were laid out.
        QVERIFY(view()->layoutsMade() > 3);
        QVERIFY2(view()->layoutsMade() < 80, qPrintable(QString::number(view()->layoutsMade())));
    }

    void blocksTileHostileTexts()
    {
        std::mt19937 random(11);
        for (int round = 0; round < 60; ++round) {
            std::string text;
            const std::size_t size = random() % 40000;
            const unsigned alphabet = 1 + random() % 256;
            while (text.size() < size)
                text += round % 3 == 0 ? "\xEA\xB0\x80" : std::string(1, static_cast<char>(random() % alphabet + (round % 3 == 1 ? 10 : 0)));
            std::vector<SegmentView> segments;
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t end = std::min<std::size_t>(text.size(), at + 3 * (1 + random() % 400));
                segments.push_back({at, end, 1, -1, 0, false});
                at = end;
            }
            std::size_t at = 0;
            for (const TextBlock& block : cutBlocks(text, segments)) {
                QCOMPARE(block.begin, at);
                QVERIFY(block.end > block.begin && block.end - block.begin <= 4096);
                if (round % 3 == 0)
                    QCOMPARE(block.begin % 3, std::size_t{0}); // never inside a character
                at = block.end;
            }
            QCOMPARE(at, text.size());
        }
    }

    void layoutMapsBytesBothWays()
    {
        const std::string text = "\xEF\xBB\xBF"
                                 "one two\r\n\r\nthr\xC3\xA9"
                                 "e \xEA\xB0\x80\xEA\xB0\x81 \xF0\x9F\x8C\xBE four\tfive \xFF\xC3 six";
        const BlockLayout layout(text, QFont(), 200, 20);
        for (const std::string word : {"one", "two", "\xEA\xB0\x81", "four", "six"}) {
            const std::size_t at = text.find(word);
            const std::vector<QRectF> rects = layout.rects(at, at + word.size());
            QCOMPARE(rects.size(), std::size_t{1});
            const std::size_t byte = layout.byteAt(rects[0].topLeft() + QPointF(rects[0].width() * 0.2, rects[0].height() / 2));
            QVERIFY2(byte >= at && byte < at + word.size(), word.c_str());
        }
        QVERIFY(layout.rects(text.find('\r'), text.find("thr")).empty());
        QVERIFY(layout.byteAt(QPointF(1e6, 1e6)) < text.size());
        QCOMPARE(BlockLayout("", QFont(), 200, 20).byteAt(QPointF(5, 5)), std::size_t{0});
    }

    void heightsSumLikeALoop()
    {
        std::mt19937 random(3);
        std::vector<int> heights(777);
        for (int& h : heights)
            h = static_cast<int>(1 + random() % 50);
        HeightIndex index;
        index.assign(heights);
        for (int round = 0; round < 500; ++round) {
            const std::size_t changed = random() % heights.size();
            heights[changed] = static_cast<int>(1 + random() % 90);
            index.set(changed, heights[changed]);
            const std::size_t asked = random() % heights.size();
            std::int64_t sum = 0;
            for (std::size_t i = 0; i < asked; ++i)
                sum += heights[i];
            QCOMPARE(index.above(asked), sum);
            QCOMPARE(index.find(sum), asked);
            QCOMPARE(index.find(sum + heights[asked] - 1), asked);
        }
        QCOMPARE(index.find(-5), std::size_t{0});
        QCOMPARE(index.find(index.total() + 5), heights.size() - 1);
    }
};

QTEST_MAIN(TestDocumentText)
#include "tst_documenttext.moc"
