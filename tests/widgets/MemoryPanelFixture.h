// SPDX-License-Identifier: GPL-3.0-or-later
// A memory panel on screen, made-up memories, and the panel's controls by their accessible names.
#pragma once

#include "tests/widgets/Controls.h"
#include "widgets/MemoryPanel.h"
#include "widgets/memory/MatrixView.h"

#include <QAbstractButton>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QTest>
#include <cmath>

namespace hayloft::test {

/// Row r holds the value f(r, c); every row has `count(r)` segments.
template <typename Value, typename Count>
MemoryView memory(qint64 rows, int columns, Value value, Count count)
{
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(rows * columns));
    auto norms = std::make_shared<std::vector<float>>(static_cast<std::size_t>(rows));
    auto counts = std::make_shared<std::vector<qint64>>(static_cast<std::size_t>(rows));
    for (qint64 r = 0; r < rows; ++r) {
        double sum = 0;
        for (int c = 0; c < columns; ++c) {
            const auto v = static_cast<float>(value(r, c));
            (*values)[static_cast<std::size_t>(r * columns + c)] = v;
            sum += static_cast<double>(v) * v;
        }
        (*norms)[static_cast<std::size_t>(r)] = static_cast<float>(std::sqrt(sum));
        (*counts)[static_cast<std::size_t>(r)] = count(r);
    }
    return {rows, columns, values, norms, counts};
}

inline MemoryView plain(qint64 rows, int columns)
{
    return memory(rows, columns, [](qint64 r, int c) { return std::sin(0.7 * static_cast<double>(r) + c); }, [](qint64) { return 1; });
}

class MemoryPanelFixture : public QObject {
protected:
    std::unique_ptr<MemoryPanel> m_panel;
    MatrixView* view() { return m_panel->findChild<MatrixView*>(); }
    QString label(const char* name) { return named<QLabel>(m_panel.get(), QString::fromUtf8(name))->text(); }
    QAbstractButton* button(const char* name) { return named<QAbstractButton>(m_panel.get(), QString::fromUtf8(name)); }
    QDoubleSpinBox* box(const char* name) { return named<QDoubleSpinBox>(m_panel.get(), QString::fromUtf8(name)); }
    QPoint at(qint64 row) { return {view()->imageRect().center().x(), view()->yOf(row)}; }
    RowDetail detailOf(qint64 row)
    {
        return {row, 2.5F, {0.5F, -1.0F, 0.25F}, {row}, {QStringLiteral("the cat sat on the mat")}, QStringLiteral("the dog sat on the mat"), true};
    }
    void showPanel()
    {
        m_panel = std::make_unique<MemoryPanel>();
        m_panel->resize(520, 760);
        m_panel->show();
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        view()->setFocus();
    }
};

} // namespace hayloft::test
