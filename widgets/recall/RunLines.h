// SPDX-License-Identifier: GPL-3.0-or-later
// How a run stands in the history: its title above, hits and date below.
#pragma once

#include <QListWidget>
#include <QStyledItemDelegate>

namespace hayloft {

/// Role of the second line's text.
inline constexpr int kDetailRole = Qt::UserRole + 1;

class RunLineDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A list that says what it is for while it is empty.
class RunList : public QListWidget {
    Q_OBJECT
public:
    explicit RunList(const QString& purpose, QWidget* parent = nullptr) : QListWidget(parent), m_purpose(purpose) {}

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_purpose;
};

} // namespace hayloft
