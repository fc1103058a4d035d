// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the document panel with mouse and keys: needle margin, segments, search, minimap, drops, large texts.
#include "widgets/DocumentPanel.h"
#include "widgets/document/BlockLayout.h"
#include "widgets/document/SegmentTextView.h"

#include <QAbstractButton>
#include <QDropEvent>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <random>

using namespace hayloft;

namespace {

template <typename T = QWidget>
T* named(const QWidget& parent, const QString& name)
{
    for (T* widget : parent.findChildren<T*>()) {
        if (widget->accessibleName() == name)
            return widget;
    }
    return nullptr;
}

/// n segments of 5 tokens, four to a paragraph; segment i is "Segment i tells of <word>."
DocumentView sample(int n, int needle = -1)
{
    auto text = std::make_shared<std::string>();
    auto segments = std::make_shared<std::vector<SegmentView>>();
    for (int i = 0; i < n; ++i) {
        const std::size_t begin = text->size();
        *text += "Segment " + std::to_string(i) + (i % 40 == 7 ? " tells of Amber" : " tells of the harbour");
        *text += i % 4 == 3 ? ".\n\n" : ". ";
        segments->push_back({begin, text->size(), 5, i, i % 6 == 5 ? 2 : 1, i == needle});
    }
    return {text, segments, n * 5, QStringLiteral("sample.txt"), {}};
}

void moveTo(QWidget* widget, const QPoint& at, Qt::MouseButtons buttons)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, buttons, Qt::NoModifier);
    QApplication::sendEvent(widget, &event);
}

} // namespace

class TestDocumentPanel : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<DocumentPanel> m_panel;
    QWidget* margin() { return named(*m_panel, QStringLiteral("Needle depth")); }
    SegmentTextView* view() { return m_panel->findChild<SegmentTextView*>(); }
    QString label(const char* name) { return named<QLabel>(*m_panel, QString::fromLatin1(name))->text(); }
    void show(const DocumentView& document)
    {
        m_panel->setDocument(document);
        m_panel->resize(520, 640);
        m_panel->show();
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        view()->setFocus();
    }
    void search(const QString& text)
    {
        QTest::keyClick(view(), Qt::Key_F, Qt::ControlModifier);
        auto* edit = named<QLineEdit>(*m_panel, QStringLiteral("Find in document"));
        QVERIFY(edit && edit->isVisible());
        edit->clear();
        QTest::keyClicks(edit, text);
    }

private Q_SLOTS:
    void init() { m_panel = std::make_unique<DocumentPanel>(); }
    void cleanup() { m_panel.reset(); }

    void marginClickPlants_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.0, 0.25, 0.5, 0.731, 1.0})
            QTest::addRow("%.3f", share) << share;
    }
    void marginClickPlants()
    {
        QFETCH(double, share);
        show(sample(400));
        QSignalSpy planted(m_panel.get(), &DocumentPanel::plantRequested);
        const int y = std::min(margin()->height() - 1, static_cast<int>(share * margin()->height()));
        QTest::mouseClick(margin(), Qt::LeftButton, {}, QPoint(10, y));
        QCOMPARE(planted.size(), 1);
        const double depth = planted[0][0].toDouble();
        QVERIFY2(std::abs(depth - 100 * share) <= 1, qPrintable(QString::number(depth)));
        // 400 segments of 5 tokens: the boundary at or before the depth.
        const auto token = static_cast<qint64>(depth / 100 * 2000 / 5) * 5;
        QVERIFY2(label("Needle").contains(QLocale().toString(depth, 'f', 1) + QLatin1Char('%')), qPrintable(label("Needle")));
        QVERIFY2(label("Needle").endsWith(QLatin1Char(' ') + QLocale().toString(token)), qPrintable(label("Needle")));
    }

    void marginDragPreviews()
    {
        show(sample(400));
        m_panel->setNeedle(true, 80, 1600);
        QSignalSpy previewed(m_panel.get(), &DocumentPanel::plantPreviewed), planted(m_panel.get(), &DocumentPanel::plantRequested);
        const int h = margin()->height();
        auto* bubble = named<QLabel>(*m_panel, QStringLiteral("Needle while dragging"));
        QTest::mousePress(margin(), Qt::LeftButton, {}, QPoint(10, h * 8 / 10));
        for (const int percent : {60, 40, 30}) {
            moveTo(margin(), QPoint(10, h * percent / 100), Qt::LeftButton);
            QVERIFY(std::abs(previewed.last()[0].toDouble() - percent) <= 1);
            QVERIFY(bubble->isVisible());
            QCOMPARE(bubble->text(), label("Needle"));
        }
        QCOMPARE(previewed.size(), 4);
        QVERIFY(planted.isEmpty());
        QTest::mouseRelease(margin(), Qt::LeftButton, {}, QPoint(10, h * 30 / 100));
        QCOMPARE(planted.size(), 1);
        QVERIFY(std::abs(planted[0][0].toDouble() - 30) <= 1);
        QVERIFY(!bubble->isVisible());
    }

    void escapeEndsADrag()
    {
        show(sample(100));
        m_panel->setNeedle(true, 80, 400);
        QSignalSpy planted(m_panel.get(), &DocumentPanel::plantRequested);
        QTest::mousePress(margin(), Qt::LeftButton, {}, QPoint(10, 5));
        QTest::keyClick(margin(), Qt::Key_Escape);
        QTest::mouseRelease(margin(), Qt::LeftButton, {}, QPoint(10, 5));
        QVERIFY(planted.isEmpty());
    }

    void keysMoveTheNeedle_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("far");
        QTest::addColumn<double>("expected");
        QTest::newRow("up") << int(Qt::Key_Up) << false << 49.0;
        QTest::newRow("down") << int(Qt::Key_Down) << false << 51.0;
        QTest::newRow("far up") << int(Qt::Key_Up) << true << 40.0;
        QTest::newRow("far down") << int(Qt::Key_Down) << true << 60.0;
    }
    void keysMoveTheNeedle()
    {
        QFETCH(int, key);
        QFETCH(bool, far);
        QFETCH(double, expected);
        show(sample(100));
        m_panel->setNeedle(true, 50, 250);
        QSignalSpy planted(m_panel.get(), &DocumentPanel::plantRequested);
        auto modifiers = Qt::ShiftModifier | Qt::AltModifier;
        QTest::keyClick(view(), static_cast<Qt::Key>(key), far ? modifiers | Qt::ControlModifier : modifiers);
        QCOMPARE(planted.size(), 1);
        QCOMPARE(planted[0][0].toDouble(), expected);
    }

    void noDocumentNoNeedle()
    {
        show({});
        QSignalSpy planted(m_panel.get(), &DocumentPanel::plantRequested);
        QVERIFY(!margin()->isEnabled());
        QTest::mouseClick(margin(), Qt::LeftButton, {}, QPoint(10, 10));
        QTest::keyClick(view(), Qt::Key_Down);
        QVERIFY(planted.isEmpty());
        QCOMPARE(m_panel->currentSegment(), -1);
    }

    void keysChooseSegments()
    {
        show(sample(500));
        QSignalSpy chosen(m_panel.get(), &DocumentPanel::segmentChosen);
        const auto press = [&](Qt::Key key) {
            QTest::keyClick(view(), key);
            return chosen.isEmpty() ? -1 : chosen.last()[0].toLongLong();
        };
        QCOMPARE(press(Qt::Key_Down), 0);
        QCOMPARE(press(Qt::Key_Down), 1);
        QCOMPARE(press(Qt::Key_Right), 2);
        QCOMPARE(press(Qt::Key_Up), 1);
        const qint64 page = press(Qt::Key_PageDown);
        QVERIFY(page > 5 && page < 200);
        QCOMPARE(press(Qt::Key_End), 499);
        QVERIFY(!view()->visibleRect(499).isEmpty());
        QVERIFY(press(Qt::Key_PageUp) < 499);
        QCOMPARE(press(Qt::Key_Home), 0);
        QVERIFY(!view()->visibleRect(0).isEmpty());
        QCOMPARE(m_panel->currentSegment(), 0);
        const auto count = chosen.size();
        QTest::keyClick(view(), Qt::Key_Up); // already at the top
        QCOMPARE(chosen.size(), count);
    }

    void mouseChoosesAndHovers()
    {
        show(sample(200));
        QSignalSpy chosen(m_panel.get(), &DocumentPanel::segmentChosen), hovered(m_panel.get(), &DocumentPanel::segmentHovered);
        for (const qint64 segment : {0, 3, 9}) {
            const QPoint at = view()->visibleRect(segment).center();
            moveTo(view()->viewport(), at, Qt::NoButton);
            QCOMPARE(hovered.last()[0].toLongLong(), segment);
            QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, at);
            QCOMPARE(chosen.last()[0].toLongLong(), segment);
            QCOMPARE(m_panel->currentSegment(), segment);
        }
        // Segment 0 is the first line of the text, whatever the view thinks.
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, QPoint(16, 18));
        QCOMPARE(chosen.last()[0].toLongLong(), 0);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(view()->viewport(), &leave);
        QCOMPARE(hovered.last()[0].toLongLong(), -1);
    }

    void currentSegmentIsSetSilently()
    {
        show(sample(300));
        QSignalSpy chosen(m_panel.get(), &DocumentPanel::segmentChosen);
        auto* minimap = named(*m_panel, QStringLiteral("Minimap"));
        const QImage before = minimap->grab().toImage();
        m_panel->setCurrentSegment(9); // on screen already: only its own mark can change the map
        QCOMPARE(view()->topByte(), std::size_t{0});
        QVERIFY(minimap->grab().toImage() != before);
        m_panel->setCurrentSegment(250);
        QVERIFY(!view()->visibleRect(250).isEmpty());
        QCOMPARE(m_panel->currentSegment(), 250);
        m_panel->setCurrentSegment(-1);
        QCOMPARE(m_panel->currentSegment(), -1);
        m_panel->setCurrentSegment(300);
        QCOMPARE(m_panel->currentSegment(), -1);
        QVERIFY(chosen.isEmpty());
    }

    void toolTipTellsTheSegment()
    {
        show(sample(60));
        std::vector<qint64> rows(60, -1), shared(60, 0);
        rows[4] = 31;
        shared[4] = 3;
        m_panel->setRows(rows, shared);
        const auto tip = [this](qint64 segment) {
            const QPoint at = view()->visibleRect(segment).center();
            QHelpEvent help(QEvent::ToolTip, at, view()->viewport()->mapToGlobal(at));
            QApplication::sendEvent(view()->viewport(), &help);
            return QToolTip::text();
        };
        const QString written = tip(4);
        for (const char* part : {"Segment 4 of 60", "5 tokens", "row 31", "shared by 3", "Segment 3 tells", "Segment 5 tells"})
            QVERIFY2(written.contains(QLatin1String(part)), qPrintable(written));
        QVERIFY(tip(1).contains(QStringLiteral("Not written")));
        QVERIFY(label("Document size").contains(QStringLiteral("1% written")));
    }

    void contextMenuPlants()
    {
        show(sample(200));
        QSignalSpy planted(m_panel.get(), &DocumentPanel::plantRequested);
        m_panel->setCurrentSegment(50);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(5, 5), view()->mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(view()->viewport(), &event);
        auto* menu = m_panel->findChild<QMenu*>();
        QVERIFY(menu);
        menu->actions().first()->trigger();
        QCOMPARE(planted.size(), 1);
        QVERIFY(std::abs(planted[0][0].toDouble() - 25) < 0.2); // 50 of 200 equal segments
    }

    void searchStepsAndWraps()
    {
        show(sample(200)); // "Amber" in segments 7, 47, 87, 127, 167
        search(QStringLiteral("amber"));
        const auto status = [this] { return label("Search hits").left(6); };
        QTRY_COMPARE(status(), QStringLiteral("1 of 5"));
        auto* edit = named<QLineEdit>(*m_panel, QStringLiteral("Find in document"));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(status(), QStringLiteral("2 of 5"));
        QTest::keyClick(edit, Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("3 of 5"));
        QVERIFY(!view()->visibleRect(87).isEmpty());
        named<QAbstractButton>(*m_panel, QStringLiteral("Next hit"))->click();
        QTest::keyClick(view(), Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("5 of 5"));
        QTest::keyClick(view(), Qt::Key_F3);
        QCOMPARE(status(), QStringLiteral("1 of 5"));
        QTest::keyClick(view(), Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(status(), QStringLiteral("5 of 5"));
        QVERIFY(!view()->visibleRect(167).isEmpty());
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        named<QAbstractButton>(*m_panel, QStringLiteral("Previous hit"))->click();
        QCOMPARE(status(), QStringLiteral("3 of 5"));
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!edit->isVisible());
    }

    void searchOptions()
    {
        show(sample(200));
        named<QAbstractButton>(*m_panel, QStringLiteral("Find"))->click();
        QVERIFY(named<QLineEdit>(*m_panel, QStringLiteral("Find in document"))->isVisible());
        search(QStringLiteral("amber"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        named<QAbstractButton>(*m_panel, QStringLiteral("Match case"))->click();
        QTRY_COMPARE(label("Search hits"), QStringLiteral("no hits"));
        named<QAbstractButton>(*m_panel, QStringLiteral("Match case"))->click();
        search(QStringLiteral("amb.r"));
        QTRY_COMPARE(label("Search hits"), QStringLiteral("no hits"));
        named<QAbstractButton>(*m_panel, QStringLiteral("Regular expression"))->click();
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        search(QStringLiteral("segment 1\\d tells"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 10")));
        search(QStringLiteral("(amber"));
        QTRY_VERIFY(label("Search error").contains(QStringLiteral("Invalid expression")));
        QVERIFY(named<QLabel>(*m_panel, QStringLiteral("Search error"))->isVisible());
        search(QStringLiteral("Amber"));
        QTRY_VERIFY(label("Search hits").endsWith(QStringLiteral("of 5")));
        QVERIFY(!named<QLabel>(*m_panel, QStringLiteral("Search error"))->isVisible());
        named<QAbstractButton>(*m_panel, QStringLiteral("Close search"))->click();
        QVERIFY(!named<QLineEdit>(*m_panel, QStringLiteral("Find in document"))->isVisible());
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

    void minimapScrolls()
    {
        show(sample(2000));
        auto* minimap = named(*m_panel, QStringLiteral("Minimap"));
        const QImage before = minimap->grab().toImage();
        QTest::mouseClick(minimap, Qt::LeftButton, {}, QPoint(20, minimap->height() * 3 / 4));
        const double share = static_cast<double>(view()->topByte()) / static_cast<double>(sample(2000).text->size());
        QVERIFY2(share > 0.70 && share < 0.77, qPrintable(QString::number(share)));
        QVERIFY(minimap->grab().toImage() != before); // the viewport rectangle moved
        moveTo(minimap, QPoint(20, 1), Qt::LeftButton);
        QVERIFY(view()->topByte() < 2000);
    }

    void wheelScrolls()
    {
        show(sample(2000));
        QWheelEvent wheel(QPointF(50, 50), view()->viewport()->mapToGlobal(QPointF(50, 50)), {}, QPoint(0, -360), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view()->viewport(), &wheel);
        QVERIFY(view()->topByte() > 0);
    }

    void filesAreDropped()
    {
        show({});
        QSignalSpy dropped(m_panel.get(), &DocumentPanel::filesDropped);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/a.txt")), QUrl(QStringLiteral("https://example.org/b")),
                      QUrl::fromLocalFile(QStringLiteral("/tmp/folder"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_panel.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_panel.get(), &drop);
        QCOMPARE(dropped.size(), 1);
        QCOMPARE(dropped[0][0].toStringList(), (QStringList{QStringLiteral("/tmp/a.txt"), QStringLiteral("/tmp/folder")}));
    }

    void noticesAreDismissed()
    {
        DocumentView document = sample(5);
        document.notices << QStringLiteral("a.txt was ISO-8859-1; converted");
        show(document);
        auto* notices = named<QLabel>(*m_panel, QStringLiteral("Notices about the document"));
        QVERIFY(notices->isVisible() && notices->text().contains(QStringLiteral("ISO-8859-1")));
        named<QAbstractButton>(*m_panel, QStringLiteral("Dismiss notices"))->click();
        QVERIFY(!notices->isVisible());
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

    void scrollingBackComesBack()
    {
        show(sample(3000));
        m_panel->setCurrentSegment(1500);
        const QRect before = view()->visibleRect(1500);
        for (const int delta : {-120, -360, -120, 120, 360, 120}) {
            QWheelEvent wheel(QPointF(50, 50), view()->viewport()->mapToGlobal(QPointF(50, 50)), {}, QPoint(0, delta), Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(view()->viewport(), &wheel);
        }
        QCOMPARE(view()->visibleRect(1500), before);
    }

    void movingTheNeedleKeepsTheView()
    {
        const DocumentView plain = sample(3000);
        show(plain);
        m_panel->setCurrentSegment(2000);
        const QRect before = view()->visibleRect(2003);
        // A needle planted near the top: every segment after it moves on by one.
        auto text = std::make_shared<std::string>(*plain.text);
        auto segments = std::make_shared<std::vector<SegmentView>>(*plain.segments);
        const std::string needle = "The secret word is heron. ";
        const std::size_t at = (*segments)[400].begin;
        text->insert(at, needle);
        for (std::size_t i = 400; i < segments->size(); ++i) {
            (*segments)[i].begin += needle.size();
            (*segments)[i].end += needle.size();
        }
        segments->insert(segments->begin() + 400, SegmentView{at, at + needle.size(), 7, -1, 0, true});
        m_panel->setDocument({text, segments, plain.tokens + 7, plain.title, {}});
        const QRect after = view()->visibleRect(2004);
        QCOMPARE(after.left(), before.left());
        QVERIFY2(std::abs(after.top() - before.top()) <= 40, qPrintable(QString::number(after.top())));
        show(sample(20));
        QCOMPARE(view()->topByte(), std::size_t{0});
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

QTEST_MAIN(TestDocumentPanel)
#include "tst_documentpanel.moc"
