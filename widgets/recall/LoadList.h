// SPDX-License-Identifier: GPL-3.0-or-later
// The list of curves in the chart of recall by load: add one from a file, take some out.
#pragma once

#include "widgets/recall/LoadCurves.h"

#include <QWidget>

class QListWidget;
class QPushButton;

namespace hayloft {

class LoadList : public QWidget {
    Q_OBJECT
public:
    explicit LoadList(QWidget* parent = nullptr);
    ~LoadList() override;
    void setLines(const std::vector<LoadLine>& lines);
    /// The line that is chosen; -1 when none is.
    int current() const;

Q_SIGNALS:
    void openRequested();
    void removeRequested(int line);
    void clearRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void createControls();
    void followCurrent();
    void removeCurrent();
    void fill();

    std::vector<LoadLine> m_lines;
    QListWidget* m_list;
    QPushButton* m_open;
    QPushButton* m_remove;
    QPushButton* m_clear;
};

} // namespace hayloft
