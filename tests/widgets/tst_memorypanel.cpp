// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the memory panel with mouse and keys: row details, experiments, slow motion, layout.
#include "tests/widgets/MemoryPanelFixture.h"
#include "widgets/LatentStrip.h"
#include "widgets/memory/WordDiff.h"

#include <QProxyStyle>
#include <QSignalSpy>
#include <QSlider>
#include <QSplitter>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

class PaintCounter : public QObject {
public:
    int count = 0;
    bool eventFilter(QObject*, QEvent* event) override
    {
        count += event->type() == QEvent::Paint;
        return false;
    }
};

/// A style of someone who wants no animations.
class StillStyle : public QProxyStyle {
public:
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override
    {
        return hint == SH_Widget_Animation_Duration ? 0 : QProxyStyle::styleHint(hint, option, widget, data);
    }
};

} // namespace

class TestMemoryPanel : public MemoryPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }
    void cleanup() { m_panel.reset(); }

    void rowDetailMarksChangedWords()
    {
        m_panel->setMemory(plain(10, 3));
        m_panel->setCurrentRow(4);
        QCOMPARE(label("Decoding state"), QStringLiteral("decoding\u2026"));
        m_panel->setRowDetail(detailOf(5)); // late answer for another row
        QCOMPARE(label("Decoding state"), QStringLiteral("decoding\u2026"));
        m_panel->setRowDetail(detailOf(4));
        QCOMPARE(label("Decoding state"), QStringLiteral("1 word differs"));
        QVERIFY(label("Decoded text").contains(QStringLiteral("underline'>dog</span>")));
        QVERIFY(!label("Decoded text").contains(QStringLiteral("underline'>sat")));
        QVERIFY(label("Segments on the row").contains(QStringLiteral("underline'>cat</span>")));
        RowDetail same = detailOf(4);
        same.decoded = same.segmentTexts[0];
        m_panel->setRowDetail(same);
        QVERIFY(label("Decoding state").contains(QStringLiteral("same text")));
        same.decodedIsCurrent = false;
        m_panel->setRowDetail(same);
        QCOMPARE(label("Decoding state"), QStringLiteral("decoding\u2026"));
        auto* latent = m_panel->findChild<LatentStrip*>();
        QCOMPARE(latent->latent(), same.latent);
        moveTo(latent, QPoint(latent->width() / 2, 20));
        QVERIFY2(latent->accessibleDescription().contains(QStringLiteral("dimension 1: -1.0")), qPrintable(latent->accessibleDescription()));
    }

    void experimentIsCoalesced()
    {
        m_panel->setMemory(plain(10, 3));
        QSignalSpy changed(m_panel.get(), &MemoryPanel::experimentChanged);
        QVERIFY(!box("Scale")->isEnabled());
        m_panel->setCurrentRow(4);
        m_panel->setRowDetail(detailOf(4));
        for (int i = 1; i <= 20; ++i)
            box("Scale")->setValue(1 - i * 0.1);
        box("Noise \u03c3")->setValue(0.5);
        QCOMPARE(label("Decoding state"), QStringLiteral("changed row: decoding\u2026"));
        QTRY_COMPARE(changed.size(), 1);
        auto experiment = changed[0][0].value<RowExperiment>();
        QCOMPARE(experiment.row, 4);
        QCOMPARE(experiment.scale, -1.0);
        QCOMPARE(experiment.noise, 0.5);
        QCOMPARE(experiment.mixRow, -1);
        QCOMPARE(experiment.mix, 0.0);
        const quint64 seed = experiment.seed;
        button("Draw the noise again")->click();
        QTRY_COMPARE(changed.size(), 2);
        QVERIFY(changed[1][0].value<RowExperiment>().seed != seed);
        named<QSpinBox>(m_panel.get(), QStringLiteral("Row to mix in"))->setValue(7);
        QTRY_COMPARE(changed.size(), 3);
        experiment = changed[2][0].value<RowExperiment>();
        QCOMPARE(experiment.mixRow, 7);
        QCOMPARE(experiment.mix, 0.5);
        button("Reset the experiment")->click();
        QTRY_COMPARE(changed.size(), 4);
        experiment = changed[3][0].value<RowExperiment>();
        QCOMPARE(experiment.scale, 1.0);
        QCOMPARE(experiment.noise, 0.0);
        QCOMPARE(experiment.mix, 0.0);
        QCOMPARE(experiment.mixRow, -1);
    }

    void slidersAndBoxesAgree()
    {
        m_panel->setMemory(plain(10, 3));
        m_panel->setCurrentRow(4);
        QSignalSpy changed(m_panel.get(), &MemoryPanel::experimentChanged);
        auto* slider = named<QSlider>(m_panel.get(), QStringLiteral("Scale slider"));
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(box("Scale")->value(), -2.0);
        QTest::keyClick(slider, Qt::Key_End);
        QCOMPARE(box("Scale")->value(), 3.0);
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].value<RowExperiment>().scale, 3.0);
        box("Noise \u03c3")->setValue(1.25);
        QCOMPARE(named<QSlider>(m_panel.get(), QStringLiteral("Noise \u03c3 slider"))->value(), 125);
        QTRY_COMPARE(changed.size(), 2);
        // Another row starts unchanged, and says nothing.
        m_panel->setCurrentRow(5);
        QCOMPARE(box("Scale")->value(), 1.0);
        QCOMPARE(slider->value(), 100);
        QTest::qWait(60);
        QCOMPARE(changed.size(), 2);
    }

    void slowMotion()
    {
        m_panel->setMemory(plain(10, 3));
        QSignalSpy requested(m_panel.get(), &MemoryPanel::slowMotionRequested), steps(m_panel.get(), &MemoryPanel::slowMotionStepRequested);
        QTest::keyClick(view(), Qt::Key_N);
        QVERIFY(steps.isEmpty());
        QVERIFY(!button("Next step")->isVisible());
        QTest::mouseClick(button("Slow motion"), Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested[0][0].toBool(), true);
        QTest::mouseClick(button("Next step"), Qt::LeftButton);
        QTest::keyClick(view(), Qt::Key_N);
        QCOMPARE(steps.size(), 2);
        WriteStep step;
        step.segment = 11;
        step.row = 5;
        step.distance = 0.75F;
        step.countBefore = 2;
        step.normBefore = 1.5F;
        step.normAfter = 1.25F;
        step.segmentText = QStringLiteral("He had <b>one</b> lamp.");
        step.keyText = QStringLiteral("He had");
        step.equation = QStringLiteral("M[5] = (2 M[5] + z) / 3");
        m_panel->setWriteStep(step);
        QCOMPARE(label("Segment being written"), QStringLiteral("11: He had <b>one</b> lamp."));
        QVERIFY(label("Write key").contains(QStringLiteral("He had")));
        QVERIFY(label("Row addressed").contains(QStringLiteral("row 5 at distance 0.75")));
        for (const char* part : {"M[5] = (2 M[5] + z) / 3", "2 \u2192 3", "1.50 \u2192 1.25"})
            QVERIFY(label("How the row changes").contains(QString::fromUtf8(part)));
        m_panel->setSlowMotion(false);
        QVERIFY(!button("Next step")->isVisible());
        QVERIFY(!button("Slow motion")->isChecked());
        QCOMPARE(requested.size(), 1);
    }

    void aFlashAppearsAndGoes()
    {
        m_panel->setMemory(plain(10, 3));
        const QImage before = view()->grab().toImage();
        m_panel->flashRow(6);
        QVERIFY(view()->grab().toImage() != before);
        PaintCounter paints;
        view()->installEventFilter(&paints);
        QTRY_COMPARE(view()->grab().toImage(), before);
        m_panel->flashRow(3);
        paints.count = 0;
        QTRY_VERIFY(paints.count >= 3); // it fades by itself
        QTRY_COMPARE(view()->grab().toImage(), before);
        m_panel->flashRow(99);
        QCOMPARE(view()->grab().toImage(), before);
    }

    void withoutMotionTheMarkStandsAndGoes()
    {
        StillStyle still;
        view()->setStyle(&still);
        m_panel->setMemory(plain(10, 3));
        const QImage before = view()->grab().toImage();
        m_panel->flashRow(6);
        const QImage marked = view()->grab().toImage();
        QVERIFY(marked != before);
        QTest::qWait(100);
        QCOMPARE(view()->grab().toImage(), marked);
        QTRY_COMPARE(view()->grab().toImage(), before);
        view()->setStyle(nullptr);
    }

    void aMovedSplitterStays()
    {
        auto* splitter = m_panel->findChild<QSplitter*>();
        QCOMPARE(splitter->orientation(), Qt::Vertical);
        QSplitterHandle* handle = splitter->handle(1);
        const QPoint grip = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, grip);
        moveTo(handle, grip - QPoint(0, 120), Qt::LeftButton);
        QTest::mouseRelease(handle, Qt::LeftButton, {}, grip);
        const int lower = splitter->sizes()[1];
        QVERIFY(lower > 340);
        m_panel->resize(520, 800);
        QCOMPARE(splitter->sizes()[1], lower);
        m_panel->resize(1400, 600);
        QCOMPARE(splitter->orientation(), Qt::Horizontal);
    }

    void aRewrittenMemoryKeepsZoomAndRow()
    {
        m_panel->setMemory(plain(400, 8));
        m_panel->setCurrentRow(200);
        m_panel->setRowDetail(detailOf(200));
        button("Zoom in")->click();
        const double zoom = view()->pixelsPerRow();
        m_panel->setMemory(plain(401, 8));
        QCOMPARE(view()->pixelsPerRow(), zoom);
        QCOMPARE(m_panel->currentRow(), 200);
        m_panel->setMemory({});
        QCOMPARE(m_panel->currentRow(), -1);
        QVERIFY(label("Memory size").contains(QStringLiteral("No memory")));
        view()->grab();
    }

    void wordsThatDiffer()
    {
        const auto changedIn = [](const std::vector<DiffWord>& words) {
            QStringList changed;
            for (const DiffWord& word : words) {
                if (word.changed)
                    changed << word.word;
            }
            return changed.join(QLatin1Char(' '));
        };
        WordDiff diff = diffWords(QStringLiteral("a b c d e"), QStringLiteral("a x c  e f"));
        QCOMPARE(changedIn(diff.before), QStringLiteral("b d"));
        QCOMPARE(changedIn(diff.after), QStringLiteral("x f"));
        QCOMPARE(diff.changes, 2);
        QCOMPARE(diffWords(QStringLiteral(" one  two"), QStringLiteral("one two ")).changes, 0);
        QCOMPARE(diffWords({}, QStringLiteral("one two")).changes, 2);
        diff = diffWords(QStringLiteral("\u5929\u6C17"), QStringLiteral("\u5929\u6C14"));
        QCOMPARE(changedIn(diff.after), QStringLiteral("\u6C14"));
    }
};

QTEST_MAIN(TestMemoryPanel)
#include "tst_memorypanel.moc"
