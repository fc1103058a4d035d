// SPDX-License-Identifier: GPL-3.0-or-later
// A recall panel on screen with two made-up runs, and its controls by their accessible names.
#pragma once

#include "tests/widgets/FakeRun.h"
#include "widgets/RecallPanel.h"
#include "widgets/recall/HeatmapView.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
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
        m_panel->resize(1280, 300);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_panel->activateWindow();
    }
};

} // namespace hayloft::test
