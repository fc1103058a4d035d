// SPDX-License-Identifier: GPL-3.0-or-later
// A recall panel on screen with two made-up runs, and its controls by their accessible names.
#pragma once

#include "tests/widgets/FakeRun.h"
#include "widgets/RecallPanel.h"
#include "widgets/recall/HeatmapView.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QStringList>
#include <QTest>

namespace hayloft::test {

class RecallPanelFixture : public QObject {
protected:
    std::unique_ptr<RecallPanel> m_panel;
    std::shared_ptr<const RunRecord> m_run, m_other;

    template <typename Widget>
    Widget* control(const char* name) const
    {
        Widget* widget = test::named<Widget>(m_panel.get(), QString::fromUtf8(name));
        if (!widget)
            qFatal("no control named %s", name);
        return widget;
    }
    HeatmapView* map() const { return control<HeatmapView>("Recall heatmap"); }
    QPoint cell(int x, int y) const { return map()->cellRect({ x, y }).center().toPoint(); }
    QColor colourOf(int x, int y) const
    {
        const QRectF rect = map()->cellRect({ x, y });
        return map()->grab().toImage().pixelColor(rect.topLeft().toPoint() + QPoint(2, 2));
    }
    QString status() const { return control<QLabel>("Cell under the pointer or cursor")->accessibleDescription(); }
    void type(const char* name, const QString& text) const
    {
        auto* edit = control<QLineEdit>(name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void clickRun(int line, Qt::KeyboardModifiers modifiers = {}) const
    {
        auto* list = control<QListWidget>("History of runs");
        QTest::mouseClick(list->viewport(), Qt::LeftButton, modifiers, list->visualItemRect(list->item(line)).center());
    }
    void showPanel()
    {
        m_run = std::make_shared<const RunRecord>(fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10, 1));
        m_other = std::make_shared<const RunRecord>(fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10, 4));
        m_panel = std::make_unique<RecallPanel>();
        answerExports();
        m_panel->resize(1280, 300);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_panel->activateWindow();
    }
    /// Exports, and tells whether a file was written.
    bool exportTo(const QString& path)
    {
        const auto before = m_written.size();
        m_panel->exportTo(path);
        return m_written.size() > before;
    }
    QStringList m_written;

private:
    /// What the workbench does in another thread.
    void answerExports()
    {
        m_written.clear();
        QObject::connect(m_panel.get(), &RecallPanel::exportRequested, m_panel.get(), [this](const RunExport& run, const QString& path) {
            try {
                const QStringList files = writeExport(run, path);
                m_written += files;
                m_panel->setExported(files);
            } catch (const std::exception& error) {
                m_panel->setNotExported(QString::fromUtf8(error.what()));
            }
        });
        QObject::connect(m_panel.get(), &RecallPanel::copyRequested, m_panel.get(), [this](const RunExport& run) { m_panel->setCopied(copyOf(run)); });
    }
};

} // namespace hayloft::test
