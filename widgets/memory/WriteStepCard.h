// SPDX-License-Identifier: GPL-3.0-or-later
// One step of the slow-motion write: key, nearest row, how the row changes.
#pragma once

#include "widgets/MemoryPanel.h"

#include <QFrame>

class QGridLayout;
class QLabel;

namespace hayloft {

class WriteStepCard : public QFrame {
    Q_OBJECT
public:
    explicit WriteStepCard(QWidget* parent = nullptr);
    void setStep(const WriteStep& step);
    /// Before the first step.
    void clear();

private:
    QLabel* addLine(const QString& heading, const QString& name);
    QGridLayout* m_grid;
    QLabel *m_segment, *m_key, *m_row, *m_equation;
};

} // namespace hayloft
