// SPDX-License-Identifier: GPL-3.0-or-later
// A line of message that stays until it is closed and never blocks the window.
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace hayloft {

/// One message at a time: text, an icon for its kind, Copy and Close.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Information, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr);

    /// @param details more lines for Copy and the tooltip; may be empty.
    void showMessage(Kind kind, const QString& text, const QString& details = {});
    QString text() const;
    QString details() const { return m_details; }

public Q_SLOTS:
    void dismiss();
    void copyToClipboard() const;

Q_SIGNALS:
    void shown();
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Kind m_kind = Kind::Information;
    QString m_details;
    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
    QToolButton* m_copy = nullptr;
    QToolButton* m_close = nullptr;
};

} // namespace hayloft
