// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the memory matrix with mouse and keys, and checks the heat image against plain loops.
#include "tests/widgets/MemoryPanelFixture.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <random>

using namespace hayloft;
using namespace hayloft::test;

namespace {

void wheel(QWidget* widget, const QPoint& at, int delta)
{
    QWheelEvent event(at, widget->mapToGlobal(at), {}, QPoint(0, delta), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(widget, &event);
}

HeatColours testColours()
{
    HeatColours colours;
    for (unsigned i = 0; i < 256; ++i)
        colours.table[i] = qRgb(static_cast<int>(i), 0, 0);
    colours.empty = colours.emptyHatch = qRgb(0, 255, 0);
    colours.pending = qRgb(0, 0, 255);
    colours.outside = qRgb(255, 255, 255);
    return colours;
}

} // namespace

class TestMemoryMatrix : public MemoryPanelFixture {
    Q_OBJECT
private:
    /// Whether most pixels of a row are rather orange (1), blue (-1) or grey (0).
    int tone(qint64 row)
    {
        const QImage image = view()->grab().toImage();
        const QRect area = view()->imageRect();
        int sum = 0;
        for (int x = area.left() + 4; x < area.right() - 4; x += 3) {
            const QColor c = image.pixelColor(x, view()->yOf(row));
            sum += c.red() - c.blue() > 30 ? 1 : c.blue() - c.red() > 30 ? -1 : 0;
        }
        return std::abs(sum) * 6 < area.width() ? 0 : sum > 0 ? 1 : -1;
    }

private Q_SLOTS:
    void init() { showPanel(); }
    void cleanup() { m_panel.reset(); }

    void clickChoosesARow()
    {
        m_panel->setMemory(plain(10, 16));
        QSignalSpy chosen(m_panel.get(), &MemoryPanel::rowChosen);
        for (const qint64 row : {0, 7, 9, 3}) {
            QTest::mouseClick(view(), Qt::LeftButton, {}, at(row));
            QCOMPARE(chosen.last()[0].toLongLong(), row);
            QCOMPARE(m_panel->currentRow(), row);
            QVERIFY2(label("Chosen row").contains(QStringLiteral("Row %1<").arg(row)), qPrintable(label("Chosen row")));
        }
        // Ten equal bands from the top of the image: independent of the view's own arithmetic.
        const QRect area = view()->imageRect();
        const int band = std::min(22, area.height() / 10);
        QTest::mouseClick(view(), Qt::LeftButton, {}, QPoint(area.left() + 20, area.top() + band * 5 / 2));
        QCOMPARE(chosen.last()[0].toLongLong(), 2);
        QCOMPARE(chosen.size(), 5);
    }

    void keysChooseRows()
    {
        m_panel->setMemory(plain(5000, 8));
        QSignalSpy chosen(m_panel.get(), &MemoryPanel::rowChosen);
        const auto press = [&](Qt::Key key) {
            QTest::keyClick(view(), key);
            return chosen.isEmpty() ? -1 : chosen.last()[0].toLongLong();
        };
        QCOMPARE(press(Qt::Key_Home), 0);
        QCOMPARE(press(Qt::Key_Down), 1);
        QCOMPARE(press(Qt::Key_Down), 2);
        QCOMPARE(press(Qt::Key_Up), 1);
        QCOMPARE(press(Qt::Key_End), 4999);
        const auto count = chosen.size();
        press(Qt::Key_Down);
        QCOMPARE(chosen.size(), count);
        QVERIFY(press(Qt::Key_PageUp) < 4999);
        button("Fit the whole memory")->click();
        for (int i = 0; i < 12; ++i)
            QTest::keyClick(view(), Qt::Key_Plus);
        const qint64 before = m_panel->currentRow();
        const qint64 page = press(Qt::Key_PageDown);
        QVERIFY(page > before && page < before + 200);
        QVERIFY(view()->imageRect().contains(at(page))); // followed into sight
    }

    void setCurrentRowIsSilent()
    {
        m_panel->setMemory(plain(50, 8));
        QSignalSpy chosen(m_panel.get(), &MemoryPanel::rowChosen);
        m_panel->setCurrentRow(17);
        QCOMPARE(m_panel->currentRow(), 17);
        m_panel->setCurrentRow(50);
        QCOMPARE(m_panel->currentRow(), -1);
        QVERIFY(chosen.isEmpty());
    }

    void hoverReadsAValue()
    {
        m_panel->setMemory(memory(4, 4, [](qint64 r, int c) { return r * 10 + c + 0.5; }, [](qint64 r) { return r == 1 ? 0 : r + 1; }));
        const QRect area = view()->imageRect();
        moveTo(view(), QPoint(area.left() + area.width() * 5 / 8, view()->yOf(3)));
        const QString text = label("Value under the pointer");
        for (const char* part : {"row 3, column 2", "value 32.5", "norm 64", "4 segments"})
            QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
        moveTo(view(), at(1));
        QVERIFY(label("Value under the pointer").contains(QStringLiteral("empty")));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(view(), &leave);
        QVERIFY(label("Value under the pointer").isEmpty());
    }

    void zoomKeepsTheCellUnderTheCursor()
    {
        m_panel->setMemory(plain(3000, 64));
        const QPoint point = view()->imageRect().topLeft() + QPoint(101, 57);
        const double fitted = view()->pixelsPerRow();
        wheel(view(), point, 120 * 16);
        QVERIFY(view()->pixelsPerRow() > fitted * 20);
        moveTo(view(), point);
        const QString before = label("Value under the pointer");
        wheel(view(), point, 240);
        moveTo(view(), QPoint(1, 1));
        moveTo(view(), point);
        QCOMPARE(label("Value under the pointer"), before);
        QTest::keyClick(view(), Qt::Key_F);
        QCOMPARE(view()->pixelsPerRow(), fitted);
        button("Zoom in")->click();
        const double one = view()->pixelsPerRow();
        QVERIFY(one > fitted);
        QTest::keyClick(view(), Qt::Key_Plus);
        QVERIFY(view()->pixelsPerRow() > one);
        QTest::keyClick(view(), Qt::Key_Minus);
        QVERIFY(qFuzzyCompare(view()->pixelsPerRow(), one));
        button("Zoom out")->click();
        QCOMPARE(view()->pixelsPerRow(), fitted);
        wheel(view(), point, 480);
        QTest::mouseDClick(view(), Qt::LeftButton, {}, point);
        QCOMPARE(view()->pixelsPerRow(), fitted);
        wheel(view(), point, 480);
        button("Fit the whole memory")->click();
        QCOMPARE(view()->pixelsPerRow(), fitted);
    }

    void dragPans()
    {
        m_panel->setMemory(plain(3000, 64));
        const QPoint point = view()->imageRect().center();
        wheel(view(), point, 120 * 14);
        moveTo(view(), point);
        const QString grabbed = label("Value under the pointer");
        QSignalSpy chosen(m_panel.get(), &MemoryPanel::rowChosen);
        const QPoint target = point + QPoint(40, 60);
        QTest::mousePress(view(), Qt::LeftButton, {}, point);
        moveTo(view(), point + QPoint(20, 30), Qt::LeftButton);
        moveTo(view(), target, Qt::LeftButton);
        QTest::mouseRelease(view(), Qt::LeftButton, {}, target);
        QVERIFY(chosen.isEmpty());
        moveTo(view(), target + QPoint(0, 1));
        moveTo(view(), target);
        QCOMPARE(label("Value under the pointer"), grabbed); // the cell came along
    }

    void rowsFillInLive()
    {
        m_panel->setMemory(memory(12, 8, [](qint64, int) { return 0; }, [](qint64) { return 0; }));
        QCOMPARE(tone(4), 0);
        m_panel->updateRows({4, 9}, [] {
            std::vector<float> values(8, 1.0F);
            values.resize(16, -1.0F);
            return values;
        }(), {1, 3}, 12, 8);
        QCOMPARE(tone(4), 1);
        QCOMPARE(tone(9), -1);
        QCOMPARE(tone(5), 0);
        QVERIFY2(label("Memory size").contains(QStringLiteral("2 used")), qPrintable(label("Memory size")));
        QVERIFY(label("Memory size").contains(QStringLiteral("1 shared")));
        m_panel->updateRows({14}, std::vector<float>(8, 1.0F), {1}, 15, 8);
        QVERIFY(label("Memory size").contains(QStringLiteral("15 ")));
        QCOMPARE(tone(14), 1);
        QCOMPARE(tone(9), -1);
    }

    void aLargeMemoryIsCompletedInSlices()
    {
        const qint64 rows = 40000;
        m_panel->setMemory(memory(rows, 256, [](qint64, int) { return 1.0; }, [](qint64) { return 1; }));
        QTRY_COMPARE(tone(rows - 200), 1);
        QCOMPARE(tone(rows / 2), 1);
        QCOMPARE(tone(10), 1);
    }

    void theImageMatchesAPlainLoop_data()
    {
        QTest::addColumn<double>("pixelsPerRow");
        QTest::addColumn<double>("pixelsPerColumn");
        QTest::newRow("magnified") << 3.0 << 4.0;
        QTest::newRow("one to one") << 1.0 << 1.0;
        QTest::newRow("reduced") << 0.25 << 0.5;
        QTest::newRow("level 1") << 0.125 << 1.0;
        QTest::newRow("level 2") << 1.0 / 64 << 1.0;
    }

    void theImageMatchesAPlainLoop()
    {
        QFETCH(double, pixelsPerRow);
        QFETCH(double, pixelsPerColumn);
        std::mt19937 random(5);
        const qint64 rows = 1536;
        const int columns = 12;
        MatrixStore store;
        store.set(memory(rows, columns, [&](qint64, int) { return static_cast<double>(random() % 2001) / 1000 - 1; },
                         [&](qint64) { return static_cast<qint64>(random() % 3); }));
        QVERIFY(!store.reduceSome(1000));
        const HeatRegion region{0, 64, pixelsPerColumn, pixelsPerRow};
        const QImage image = renderHeat(store, region, QSize(40, 20), testColours());
        for (int y = 0; y < 20; ++y) {
            for (int x = 0; x < 40; ++x) {
                const auto r0 = static_cast<qint64>(64 + y / pixelsPerRow), r1 = std::max(r0 + 1, static_cast<qint64>(64 + (y + 1) / pixelsPerRow));
                const auto c0 = static_cast<int>(x / pixelsPerColumn), c1 = std::max(c0 + 1, static_cast<int>((x + 1) / pixelsPerColumn));
                QRgb expected = qRgb(255, 255, 255);
                if (r0 < rows && c0 < columns) {
                    float strongest = 0;
                    bool any = false;
                    for (qint64 r = r0; r < std::min(r1, rows); ++r) {
                        for (int c = c0; c < std::min(c1, columns) && !store.empty(r); ++c) {
                            any = true;
                            strongest = std::abs(store.value(r, c)) > std::abs(strongest) ? store.value(r, c) : strongest;
                        }
                    }
                    const float index = std::clamp(strongest / store.range() * 127.5F + 127.5F, 0.0F, 255.0F);
                    expected = any ? qRgb(static_cast<int>(index), 0, 0) : qRgb(0, 255, 0);
                }
                // Two values of equal size and other sign may stand for each other; rounding may differ by one step.
                const QRgb drawn = image.pixel(x, y);
                const int mirrored = 255 - qRed(expected);
                const bool fits = qGreen(drawn) == qGreen(expected) && qBlue(drawn) == qBlue(expected)
                    && (std::abs(qRed(drawn) - qRed(expected)) <= 1 || std::abs(qRed(drawn) - mirrored) <= 1);
                QVERIFY2(fits, qPrintable(QStringLiteral("%1,%2: %3 for %4").arg(x).arg(y).arg(drawn, 0, 16).arg(expected, 0, 16)));
            }
        }
    }

    void oneRowAmongMany()
    {
        MatrixStore store;
        store.set(memory(100000, 4, [](qint64 r, int) { return r == 70003 ? -1.0 : 0.0; }, [](qint64) { return 1; }));
        while (store.reduceSome(50)) {
        }
        const QImage image = renderHeat(store, {0, 0, 10, 0.002}, QSize(40, 200), testColours());
        int found = -1;
        for (int y = 0; y < 200; ++y)
            found = qRed(image.pixel(5, y)) < 10 ? y : found;
        QVERIFY2(std::abs(found - 140) <= 1, qPrintable(QString::number(found)));
    }

    void nothingOfTheOldShowsInWhatIsWrittenAnew()
    {
        MatrixStore store;
        const auto write = [&](qint64 row, qint64 total, int columns, float value) {
            store.update({ row }, std::vector<float>(static_cast<std::size_t>(columns), value), { 1 }, total, columns);
        };
        for (const int columns : { 8, 8, 12 }) {
            for (qint64 row = 0; row < 300; ++row)
                write(row, 300, columns, 7);
            while (store.reduceSome(1000)) { }
            QCOMPARE(store.value(299, 3), 7.0F);
            write(2, 100, columns, 5); // fewer rows: anew
            QCOMPARE(store.used(), qint64(1));
            for (qint64 row = 0; row < 100; ++row)
                for (int c = 0; c < columns; ++c)
                    QCOMPARE(store.value(row, c), row == 2 ? 5.0F : 0.0F);
            write(250, 300, columns, 4);
            QCOMPARE(store.value(251, 0), 0.0F);
            QCOMPARE(store.value(250, columns - 1), 4.0F);
        }
        const MemoryView none;
        store.set(none);
        QCOMPARE(store.rows(), qint64(0));
    }

    void updatesMatchAPlainCopyAndLeaveTheGivenMatrixAlone()
    {
        std::mt19937 random(9);
        const int columns = 6;
        qint64 rows = 900;
        const MemoryView given = memory(rows, columns, [&](qint64, int) { return random() % 100 / 50.0 - 1; }, [](qint64 r) { return r % 2; });
        const std::vector<float> original = *given.values;
        std::vector<float> expected = original;
        std::vector<qint64> counts = *given.counts;
        MatrixStore store;
        store.set(given);
        for (int round = 0; round < 40; ++round) {
            if (round == 20)
                QVERIFY(!store.reduceSome(1000));
            rows += static_cast<qint64>(random() % 40);
            expected.resize(static_cast<std::size_t>(rows * columns), 0);
            counts.resize(static_cast<std::size_t>(rows), 0);
            // One row, then neighbours and scattered rows together.
            std::vector<qint64> changed, changedCounts;
            std::vector<float> values;
            for (int i = 0; i < 1 + round % 4 * 20; ++i) {
                const auto row = i % 2 == 1 ? std::min(changed.back() + 1, rows - 1) : static_cast<qint64>(random() % static_cast<unsigned>(rows));
                changed.push_back(row);
                changedCounts.push_back(static_cast<qint64>(random() % 4));
                counts[static_cast<std::size_t>(row)] = changedCounts.back();
                for (int c = 0; c < columns; ++c) {
                    values.push_back(static_cast<float>(random() % 100) / 50.0F - 1);
                    expected[static_cast<std::size_t>(row * columns + c)] = values.back();
                }
            }
            store.update(changed, values, changedCounts, rows, columns);
        }
        QVERIFY(!store.reduceSome(1000));
        QVERIFY(*given.values == original);
        for (qint64 r = 0; r < rows; ++r) {
            QVERIFY(store.latent(r) == std::vector<float>(expected.begin() + r * columns, expected.begin() + (r + 1) * columns));
            QCOMPARE(store.count(r), counts[static_cast<std::size_t>(r)]);
        }
        for (int level = 1; level < MatrixStore::kLevels; ++level) {
            const qint64 per = level == 1 ? 8 : level == 2 ? 64 : 512;
            for (qint64 i = 0; i * per < rows; ++i) {
                std::vector<float> strongest(columns, 0);
                bool any = false;
                for (qint64 r = i * per; r < std::min(rows, (i + 1) * per); ++r) {
                    any |= counts[static_cast<std::size_t>(r)] > 0;
                    for (int c = 0; c < columns && counts[static_cast<std::size_t>(r)] > 0; ++c)
                        strongest[static_cast<std::size_t>(c)] = std::max(strongest[static_cast<std::size_t>(c)], std::abs(expected[static_cast<std::size_t>(r * columns + c)]));
                }
                QCOMPARE(store.state(level, i) == MatrixStore::State::Ready, any);
                for (int c = 0; c < columns && any; ++c)
                    QCOMPARE(std::abs(store.reduced(level, i)[c]), strongest[static_cast<std::size_t>(c)]);
            }
        }
        QCOMPARE(store.used(), std::count_if(counts.begin(), counts.end(), [](qint64 c) { return c > 0; }));
        QCOMPARE(store.shared(), std::count_if(counts.begin(), counts.end(), [](qint64 c) { return c > 1; }));
    }
};

QTEST_MAIN(TestMemoryMatrix)
#include "tst_memorymatrix.moc"
