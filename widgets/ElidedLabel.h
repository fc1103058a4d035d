// SPDX-License-Identifier: GPL-3.0-or-later
// A one-line label that shortens its text where space is short.
#pragma once

#include <QLabel>

namespace hayloft {

/// Plain text; `text()` is the whole text, the tool tip repeats it.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace hayloft
