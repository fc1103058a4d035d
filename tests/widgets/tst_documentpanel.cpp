// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the document panel with mouse and keys: needle margin, segments, minimap, drops.
#include "tests/widgets/DocumentPanelFixture.h"

#include <QAbstractButton>
#include <QDropEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace hayloft;
using namespace hayloft::test;

class TestDocumentPanel : public DocumentPanelFixture {
    Q_OBJECT

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
        auto* bubble = named<QLabel>(m_panel.get(), QStringLiteral("Needle while dragging"));
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
        auto* minimap = named(m_panel.get(), QStringLiteral("Minimap"));
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

    void minimapScrolls()
    {
        show(sample(2000));
        auto* minimap = named(m_panel.get(), QStringLiteral("Minimap"));
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
        auto* notices = named<QLabel>(m_panel.get(), QStringLiteral("Notices about the document"));
        QVERIFY(notices->isVisible() && notices->text().contains(QStringLiteral("ISO-8859-1")));
        named<QAbstractButton>(m_panel.get(), QStringLiteral("Dismiss notices"))->click();
        QVERIFY(!notices->isVisible());
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
};

QTEST_MAIN(TestDocumentPanel)
#include "tst_documentpanel.moc"
