// SPDX-License-Identifier: GPL-3.0-or-later
// A spin box for the rows of a fixed key memory: the arrows double and halve.
#pragma once

#include <QSpinBox>

namespace hayloft {

class RowsSpinBox : public QSpinBox {
    Q_OBJECT
public:
    static constexpr int kLeast = 512, kMost = 65536;
    explicit RowsSpinBox(QWidget* parent = nullptr);
    void stepBy(int steps) override;

protected:
    StepEnabled stepEnabled() const override;
};

} // namespace hayloft
