// SPDX-License-Identifier: GPL-3.0-or-later
// One line of words, cut to the width, with a standing text and a passing one.
#pragma once

#include <QLabel>

namespace hayloft {

class StatusLine : public QLabel {
    Q_OBJECT
public:
    explicit StatusLine(QWidget* parent = nullptr);
    void setStanding(const QString& text);
    /// Shown in place of the standing text until it is empty again.
    void setPassing(const QString& text);
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showText();
    QString m_standing, m_passing;
};

} // namespace hayloft
