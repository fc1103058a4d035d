// SPDX-License-Identifier: GPL-3.0-or-later
// The colour scale of the heat image.
#pragma once

#include <QWidget>

namespace hayloft {

class HeatLegend : public QWidget {
    Q_OBJECT
public:
    explicit HeatLegend(QWidget* parent = nullptr);
    void setRange(float range);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    float m_range = 1;
};

} // namespace hayloft
