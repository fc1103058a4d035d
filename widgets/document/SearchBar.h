// SPDX-License-Identifier: GPL-3.0-or-later
// The line that asks for a search and says how many hits there are.
#pragma once

#include "widgets/document/TextSearch.h"

#include <QWidget>

class QLabel;
class QLayout;
class QLineEdit;
class QTimer;
class QToolButton;

namespace hayloft {

class SearchBar : public QWidget {
    Q_OBJECT
public:
    explicit SearchBar(QWidget* parent = nullptr);
    SearchQuery query() const;
    /// Shows the bar and takes the focus.
    void open();
    void setSearching();
    /// `current` counts from 0; -1 = none of them is shown yet.
    void setHits(qint64 current, qint64 count, bool truncated, bool wrapped);
    void setError(const QString& message);
    void clearStatus();

Q_SIGNALS:
    void queryChanged(const hayloft::SearchQuery& query);
    void nextRequested();
    void previousRequested();
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QToolButton* addButton(QLayout* row, const QString& text, const QString& name, const QString& tip, bool checkable);
    void setStatus(const QString& text);
    QLineEdit* m_edit;
    QLabel *m_status, *m_error;
    QToolButton *m_case, *m_regex, *m_previous, *m_next;
    QTimer* m_delay;
};

} // namespace hayloft
