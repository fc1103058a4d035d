// SPDX-License-Identifier: GPL-3.0-or-later
// A line of notices above the document that can be dismissed.
#pragma once

#include <QFrame>

class QLabel;

namespace hayloft {

class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);
    /// Hidden where there are none.
    void setNotices(const QStringList& notices);

private:
    QLabel* m_text;
};

} // namespace hayloft
