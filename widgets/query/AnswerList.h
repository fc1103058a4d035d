// SPDX-License-Identifier: GPL-3.0-or-later
// The answers to a question that has several, with their places in the document.
#pragma once

#include "widgets/QueryPanel.h"

#include <QTableWidget>

namespace hayloft {

/// Inner product of a question's key and a row's: both have length 1.
inline double scoreAt(double distance) { return 1 - 0.5 * distance * distance; }

class AnswerList : public QTableWidget {
    Q_OBJECT
public:
    explicit AnswerList(QWidget* parent = nullptr);
    void setAnswers(const std::vector<RowAnswerView>& answers);

Q_SIGNALS:
    void answerShown(int answer);        ///< the current line changed
    void segmentChosen(qint64 segment);  ///< a line was clicked, or Enter pressed on it

private:
    void fillLine(int line, const RowAnswerView& answer);
    std::vector<qint64> m_segments;
};

} // namespace hayloft
