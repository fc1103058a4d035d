// SPDX-License-Identifier: GPL-3.0-or-later
// A frame over a panel while files are dragged across it.
#pragma once

#include <QWidget>

namespace hayloft {

class DropFrame : public QWidget {
    Q_OBJECT
public:
    explicit DropFrame(QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace hayloft
